package dev.wspool.ktor.server.internal

import dev.wspool.PoolException
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.response.header
import io.ktor.server.response.respondText
import kotlin.math.ceil
import kotlin.time.Duration
import kotlin.time.DurationUnit

/** What becomes of a request for which there was no connection. */
internal fun interface Unavailable {
    suspend fun answer(call: ApplicationCall, failure: PoolException, retryAfter: Duration)

    companion object {
        val ByDefault = Unavailable { call, _, retryAfter ->
            val seconds = ceil(retryAfter.toDouble(DurationUnit.SECONDS)).toLong()
            call.response.header(HttpHeaders.RetryAfter, seconds.toString())
            call.respondText("The service is busy. Try again in $seconds s.\n", status = HttpStatusCode.ServiceUnavailable)
        }

        val Unanswered = Unavailable { _, failure, _ -> throw failure }
    }
}
