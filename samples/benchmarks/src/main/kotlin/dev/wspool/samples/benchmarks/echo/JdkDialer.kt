package dev.wspool.samples.benchmarks.echo

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.future.await
import java.io.ByteArrayOutputStream
import java.net.URI
import java.net.http.HttpClient
import java.net.http.WebSocket
import java.nio.ByteBuffer
import java.util.concurrent.CompletionStage
import java.util.concurrent.ConcurrentLinkedQueue

/** The JDK's own client; what its reader tells goes to the coroutine through a channel. */
internal class JdkDialer(private val url: String, trust: Trust) : Dialer {
    private val client = HttpClient.newBuilder().sslContext(trust.context).build()
    private val sockets = ConcurrentLinkedQueue<WebSocket>()

    override suspend fun dial(): EchoSession {
        val listener = JdkListener()
        val socket = client.newWebSocketBuilder().buildAsync(URI(url), listener).await()
        sockets += socket
        return JdkSession(socket, listener)
    }

    /** The client itself can be closed from Java 21 on; it ends when nobody holds it. */
    override fun close() = sockets.forEach(WebSocket::abort)
}

private class JdkSession(private val socket: WebSocket, private val listener: JdkListener) : EchoSession {
    /** The next message must not be sent before this one's future is completed. */
    override suspend fun send(message: ByteArray) {
        socket.sendBinary(ByteBuffer.wrap(message), true).await()
    }

    override suspend fun receive(): ByteArray = listener.arrived.receive()
}

private class JdkListener : WebSocket.Listener {
    val arrived = Channel<ByteArray>(Channel.UNLIMITED)

    /** One message may come in several calls, as its bytes come from the socket. */
    private val parts = ByteArrayOutputStream()

    override fun onBinary(webSocket: WebSocket, data: ByteBuffer, last: Boolean): CompletionStage<*>? {
        val bytes = ByteArray(data.remaining()).also(data::get)
        if (!last || parts.size() > 0) parts.writeBytes(bytes)
        if (last) {
            arrived.trySend(if (parts.size() > 0) parts.toByteArray() else bytes)
            parts.reset()
        }
        webSocket.request(1)
        return null
    }

    override fun onError(webSocket: WebSocket, error: Throwable) {
        arrived.close(error)
    }
}
