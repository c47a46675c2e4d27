package dev.wspool.samples.tunnel

import dev.wspool.AffinityKey
import dev.wspool.ktor.server.AuthenticationScope
import io.ktor.server.application.ApplicationCall
import java.security.MessageDigest

/** The header by which a client end shows that it knows the [token]. */
internal fun tokenHeader(token: String?): Map<String, String> = if (token == null) emptyMap() else mapOf(AUTHORIZATION to "Bearer $token")

/** Lets in who knows it, as nobody in particular. Compares in constant time, lest it be guessed letter by letter. */
internal fun AuthenticationScope.requireToken(call: ApplicationCall, token: String): AffinityKey? {
    val given = call.request.headers[AUTHORIZATION].orEmpty()
    return if (MessageDigest.isEqual(given.toByteArray(), "Bearer $token".toByteArray())) null else refuse()
}

private const val AUTHORIZATION = "Authorization"
