package dev.wspool.samples.benchmarks.echo

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.Response
import okhttp3.WebSocket
import okhttp3.WebSocketListener
import okio.ByteString
import okio.ByteString.Companion.toByteString

/** OkHttp's WebSocket; what its reader tells goes to the coroutine through a channel. */
internal class OkHttpDialer(url: String, trust: Trust) : Dialer {
    private val client = OkHttpClient.Builder().sslSocketFactory(trust.context.socketFactory, trust.manager).build()
    private val request = Request.Builder().url(url).build()

    override suspend fun dial(): EchoSession {
        val session = OkHttpSession()
        client.newWebSocket(request, session)
        session.opened.await()
        return session
    }

    override fun close() {
        client.dispatcher.cancelAll()
        client.dispatcher.executorService.shutdown()
    }
}

internal class OkHttpSession :
    WebSocketListener(),
    EchoSession {
    private val arrived = Channel<ByteArray>(Channel.UNLIMITED)
    val opened = CompletableDeferred<WebSocket>()

    /** Completed when the connection has ended in whatever way. */
    val closed = Job()
    private lateinit var webSocket: WebSocket

    override fun onOpen(webSocket: WebSocket, response: Response) {
        this.webSocket = webSocket
        opened.complete(webSocket)
    }

    override fun onMessage(webSocket: WebSocket, bytes: ByteString) {
        arrived.trySend(bytes.toByteArray())
    }

    override fun onClosed(webSocket: WebSocket, code: Int, reason: String) {
        closed.complete()
    }

    override fun onFailure(webSocket: WebSocket, t: Throwable, response: Response?) {
        closed.complete()
        opened.completeExceptionally(t)
        arrived.close(t)
    }

    override suspend fun send(message: ByteArray) = check(webSocket.send(message.toByteString())) { "OkHttp refuses a message" }

    override suspend fun receive(): ByteArray = arrived.receive()

    fun startClosing() {
        webSocket.close(NORMAL, null)
    }

    private companion object {
        const val NORMAL = 1000
    }
}
