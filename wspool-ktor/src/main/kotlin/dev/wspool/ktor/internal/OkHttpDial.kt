package dev.wspool.ktor.internal

import dev.wspool.ConnectFailedException
import dev.wspool.Endpoint
import dev.wspool.Handshake
import dev.wspool.TlsSession
import io.ktor.client.call.body
import io.ktor.client.plugins.timeout
import io.ktor.client.plugins.websocket.DefaultClientWebSocketSession
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.statement.HttpResponse
import kotlinx.coroutines.Job
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import java.net.ProtocolException
import kotlin.time.Duration.Companion.seconds

/** A dial on OkHttp. */
internal class OkHttpDial(private val tap: OkHttpTap, private val frames: FrameSettings) : EngineDial {
    private val link = OkHttpLink(frames.maxMessageSize)
    private val number = tap.register(link)

    override fun mark(request: HttpRequestBuilder) {
        request.attributes.put(RawSession, SessionRequest(okHttpSockets))
        request.headers.append(DIAL_HEADER, number)
        // No timeout, which WebSockets have none of, but the key by which Ktor keeps its OkHttpClients: the one of this key
        // was made after the tap was put in, whatever the client has been used for before.
        request.timeout { requestTimeoutMillis = POOLS_OWN }
    }

    /**
     * Past OkHttp's limit a call waits for ever, and nobody is told. It may be that a call has just ended, whose thread is
     * not free yet, so it is given a second.
     */
    override suspend fun run(call: suspend () -> Unit) = coroutineScope {
        val watch = launch {
            while (withTimeoutOrNull(QUEUE_TIME) { link.begun.join() } == null) {
                tap.limitReached()?.let { throw OkHttpFullException(it) }
            }
        }
        call()
        watch.cancel()
    }

    override suspend fun check(endpoint: Endpoint, response: HttpResponse) {
        // 401 is the one refusal that Ktor hands over, for its Auth plugin.
        link.answer?.takeIf { it.status != OkHttpAnswer.UPGRADED }?.let { throw it.refusal(endpoint) }
        endpoint.requireUpgraded(response)
    }

    override suspend fun connection(endpoint: Endpoint, response: HttpResponse, handshake: Handshake, life: Job): SessionConnection =
        OkHttpConnection(endpoint, response.body<DefaultClientWebSocketSession>(), handshake, life, frames, link)

    override val tlsSession: TlsSession? get() = link.answer?.tlsSession

    override fun failure(endpoint: Endpoint, failure: Throwable?): ConnectFailedException? {
        val answer = link.answer
        return when {
            failure is OkHttpFullException -> ConnectFailedException(
                "${endpoint.address} was not called: OkHttp runs ${failure.limit} calls, the most it may (its Dispatcher's " +
                    "maxRequests), and each open WebSocket is one. Raise it, or lower maxConnections",
            )
            answer == null -> null
            answer.status != OkHttpAnswer.UPGRADED -> answer.refusal(endpoint)
            failure is ProtocolException -> answer.violation(endpoint, inOurWords(failure.message.orEmpty()))
            else -> null
        }
    }

    /** OkHttp quotes both keys. */
    private fun inOurWords(text: String) = if ("Sec-WebSocket-Accept" in text) FOREIGN_KEY else text

    override fun end() {
        tap.forget(number)
        link.cancel()
    }

    private class OkHttpFullException(val limit: Int) : Exception()

    private companion object {
        /** Ktor's queue cannot hold up OkHttp's reader; that is done below it. */
        val okHttpSockets = WebSockets.prepare {}

        const val POOLS_OWN = 7_777_777_777_777L
        val QUEUE_TIME = 1.seconds
    }
}
