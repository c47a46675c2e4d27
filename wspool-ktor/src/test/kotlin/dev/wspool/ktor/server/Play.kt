package dev.wspool.ktor.server

import dev.wspool.ktor.testThreads
import io.ktor.server.application.Application
import io.ktor.server.cio.CIO
import io.ktor.server.engine.ApplicationEngineFactory
import io.ktor.server.engine.EmbeddedServer
import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import io.ktor.server.routing.get
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.future.await
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.net.http.HttpResponse.BodyHandlers
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** CIO cancels requests after its grace period, and is done when they are. Netty spends its own when it has cut all connections. */
enum class Engine(val factory: ApplicationEngineFactory<*, *>, val gracePeriod: Duration) {
    Cio(CIO, 20.seconds),
    OnNetty(Netty, 50.milliseconds),
}

/** A server that runs, and its clients. */
internal class Play(
    private val server: EmbeddedServer<*, *>,
    private val engine: Engine,
    val url: String,
    scope: CoroutineScope,
) : CoroutineScope by scope {
    private val client = HttpClient.newHttpClient()

    fun get(path: String): Deferred<HttpResponse<String>> = async { fetch(path, client) }

    suspend fun fetch(path: String, by: HttpClient): HttpResponse<String> =
        by.sendAsync(HttpRequest.newBuilder(URI(url + path)).build(), BodyHandlers.ofString()).await()

    suspend fun stop() = server.stopSuspend(engine.gracePeriod.inWholeMilliseconds, 25_000)
}

/** Runs [play] against a server with [module]. */
internal fun played(engine: Engine = Engine.Cio, module: suspend Application.() -> Unit, play: suspend Play.(Application) -> Unit) =
    runBlocking(testThreads) {
        val server = embeddedServer(engine.factory, port = 0, host = "127.0.0.1", module = module).start()
        try {
            val url = "http://127.0.0.1:${server.engine.resolvedConnectors().first().port}"
            withTimeout(60.seconds) { coroutineScope { Play(server, engine, url, this).play(server.application) } }
        } finally {
            server.stop(0, 0)
        }
    }
