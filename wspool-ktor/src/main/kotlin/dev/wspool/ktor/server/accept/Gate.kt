package dev.wspool.ktor.server.accept

import dev.wspool.AcceptedPool
import dev.wspool.AffinityKey
import dev.wspool.ktor.server.AcceptSettings
import dev.wspool.ktor.server.AuthenticationScope
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.plugins.origin
import io.ktor.server.request.header
import io.ktor.server.response.header
import io.ktor.server.response.respond
import io.ktor.server.response.respondText
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.io.encoding.Base64
import kotlin.math.ceil
import kotlin.time.DurationUnit

/**
 * Where clients come to a pool. What costs least is asked first, and a place in the pool is taken last: who is not let in has cost an HTTP
 * request.
 */
internal class Gate(private val pool: AcceptedPool, private val settings: AcceptSettings) {
    private val rate = AcceptRate(settings.maxAcceptsPerSecond)
    private val addresses = Quota(settings.maxPerAddress)
    private val owners = Quota(settings.maxPerOwner)

    suspend fun enter(call: ApplicationCall) {
        try {
            requireHandshake(call)
            requireAddress(call)
            requireOrigin(call)
            admit(call)
        } catch (refused: Refused) {
            call.refuse(refused)
        }
    }

    /** What is taken here is given back when the connection has ended, or has come to nothing. */
    private suspend fun admit(call: ApplicationCall) {
        val taken = Taken()
        try {
            taken.take(addresses, siteOf(call.request.origin.remoteAddress)) || throw tooMany("Too many connections of this address")
            if (!rate.tryPass()) throw tooMany("Too many connect at once") // who has all that he may have does not spend it
            val owner = ownerOf(call)
            taken.take(owners, owner?.key) || throw tooMany("Too many connections of this client")
            val acceptance = pool.admit(owner) ?: throw Refused(HttpStatusCode.ServiceUnavailable, "No room")
            Arrival(acceptance, call, pool.config.transport, chosenSubprotocol(call), onEnd = taken::release).begin()
        } catch (failure: Throwable) {
            taken.release()
            throw failure
        }
    }

    private fun requireHandshake(call: ApplicationCall) {
        val request = call.request
        val isUpgrade = request.hasToken(HttpHeaders.Connection, "upgrade") && request.hasToken(HttpHeaders.Upgrade, "websocket")
        if (!isUpgrade) throw Refused(HttpStatusCode.UpgradeRequired, "Here WebSocket connections are opened")
        if (request.header(HttpHeaders.SecWebSocketVersion) != VERSION) {
            throw Refused(HttpStatusCode.UpgradeRequired, "WebSocket version 13 is spoken here")
        }
        val isKey = request.header(HttpHeaders.SecWebSocketKey)?.let(::isNonce) == true
        if (!isKey) throw Refused(HttpStatusCode.BadRequest, "Sec-WebSocket-Key is not what RFC 6455 asks for")
    }

    private fun requireAddress(call: ApplicationCall) {
        if (settings.blocks.isEmpty()) return
        if (call.request.isAmbiguouslyForwarded()) throw Refused(HttpStatusCode.BadRequest, "More than one line tells whom this is from")
        val address = addressOf(call.request.origin.remoteAddress)
        if (address == null || settings.blocks.none { address in it }) throw Refused(HttpStatusCode.Forbidden)
    }

    private fun requireOrigin(call: ApplicationCall) {
        if (settings.isAnyOrigin) return
        val given = call.request.header(HttpHeaders.Origin) ?: return
        val origin = originOf(given)
        if (origin == null || (origin !in settings.origins && origin !in ownOrigins(call))) throw Refused(HttpStatusCode.Forbidden)
    }

    /** By what the client has asked for, and by what a proxy says that he asked it for. */
    private fun ownOrigins(call: ApplicationCall): List<String> {
        val shown = call.request.origin
        val scheme = if (shown.scheme in SECURE) "https" else "http"
        val hosts = listOfNotNull(call.request.header(HttpHeaders.Host), "${shown.serverHost}:${shown.serverPort}")
        return hosts.mapNotNull { originOf("$scheme://$it") }
    }

    private suspend fun ownerOf(call: ApplicationCall): AffinityKey? {
        val check = settings.authenticate ?: return null
        var owner: AffinityKey? = null
        withTimeoutOrNull(pool.config.connectTimeout) { owner = AuthenticationScope().check(call) }
            ?: throw Refused(HttpStatusCode.ServiceUnavailable, "Not authenticated in time")
        return owner
    }

    private fun chosenSubprotocol(call: ApplicationCall): String? =
        call.request.tokens(HttpHeaders.SecWebSocketProtocol).firstOrNull { it in settings.subprotocols }

    private fun tooMany(why: String) = Refused(HttpStatusCode.TooManyRequests, why)

    private suspend fun ApplicationCall.refuse(refused: Refused) {
        when (refused.status) {
            HttpStatusCode.UpgradeRequired -> response.header(HttpHeaders.SecWebSocketVersion, VERSION)
            HttpStatusCode.TooManyRequests, HttpStatusCode.ServiceUnavailable ->
                response.header(HttpHeaders.RetryAfter, ceil(settings.retryAfter.toDouble(DurationUnit.SECONDS)).toLong().toString())
        }
        respondText(refused.why, status = refused.status)
    }

    private companion object {
        const val VERSION = "13"
        val SECURE = setOf("https", "wss")
        const val NONCE_SIZE = 16

        /** 16 bytes in Base64 (RFC 6455, 4.2.1). */
        fun isNonce(key: String): Boolean = try {
            Base64.decode(key.trim()).size == NONCE_SIZE
        } catch (_: IllegalArgumentException) {
            false
        }
    }
}
