package dev.wspool.samples.benchmarks.scale

import dev.wspool.samples.benchmarks.echo.OkHttpSession
import dev.wspool.samples.benchmarks.echo.Trust
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withPermit
import okhttp3.Dispatcher
import okhttp3.OkHttpClient
import okhttp3.Request

/** OkHttp's own WebSockets, with its limit of 64 out of the way. Each has a thread, so not for many thousands. */
internal class OkHttpConnections(private val connections: Int, url: String, trust: Trust) : ManyConnections() {
    private val client = OkHttpClient.Builder().dispatcher(Dispatcher().apply { maxRequests = connections })
        .sslSocketFactory(trust.context.socketFactory, trust.manager).build()
    private val request = Request.Builder().url(url).build()
    private val sessions = ArrayList<OkHttpSession>()

    override suspend fun openAll() {
        val places = Semaphore(AT_ONCE)
        coroutineScope { sessions += List(connections) { async { places.withPermit { dial() } } }.awaitAll() }
    }

    private suspend fun dial(): OkHttpSession {
        val session = OkHttpSession()
        client.newWebSocket(request, session)
        session.opened.await()
        return session
    }

    override suspend fun useAll() = coroutineScope {
        for (session in sessions) {
            launch {
                session.send(MESSAGE)
                session.receive()
            }
        }
    }

    override suspend fun closeAll() {
        sessions.forEach { it.startClosing() }
        sessions.forEach { it.closed.join() }
        client.dispatcher.executorService.shutdown()
    }
}
