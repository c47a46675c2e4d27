package dev.wspool.samples.benchmarks.echo

import io.ktor.client.HttpClient
import io.ktor.client.plugins.websocket.ClientWebSocketSession
import io.ktor.client.plugins.websocket.DefaultClientWebSocketSession
import io.ktor.client.plugins.websocket.cio.webSocketRawSession
import io.ktor.client.plugins.websocket.webSocketSession
import io.ktor.http.takeFrom
import io.ktor.websocket.Frame
import io.ktor.websocket.close
import io.ktor.websocket.readBytes
import kotlinx.coroutines.cancel
import kotlinx.coroutines.runBlocking

/** Ktor's own sessions. `incoming` brings whole messages, as the echo server sends no fragments. */
internal class KtorDialer(private val client: HttpClient, private val url: String) : Dialer {
    private val sessions = ArrayList<DefaultClientWebSocketSession>()

    override suspend fun dial(): EchoSession = KtorSession(client.webSocketSession(url).also(sessions::add))

    /** A client that is closed waits for its sessions. */
    override fun close() {
        runBlocking { sessions.forEach { it.close() } }
        client.close()
    }
}

/** Ktor's raw sessions: no extensions, and nobody who answers pings. */
internal class RawKtorDialer(private val client: HttpClient, private val url: String) : Dialer {
    override suspend fun dial(): EchoSession = RawKtorSession(client.webSocketRawSession { url { takeFrom(this@RawKtorDialer.url) } })

    /** A client that is closed waits for its sessions; these end with their scope. */
    override fun close(): Unit = client.cancel()
}

private class RawKtorSession(private val session: ClientWebSocketSession) : EchoSession {
    override suspend fun send(message: ByteArray) = session.outgoing.send(Frame.Binary(true, message))

    override suspend fun receive(): ByteArray = session.incoming.receive().readBytes()
}

internal class KtorSession(private val session: DefaultClientWebSocketSession) : EchoSession {
    override suspend fun send(message: ByteArray) = session.send(Frame.Binary(true, message))

    override suspend fun receive(): ByteArray = session.incoming.receive().readBytes()
}
