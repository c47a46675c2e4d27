package dev.wspool.samples.loadtest

import io.ktor.http.HttpStatusCode
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.ApplicationCallPipeline
import io.ktor.server.application.install
import io.ktor.server.cio.CIO
import io.ktor.server.cio.CIOApplicationEngine
import io.ktor.server.engine.EmbeddedServer
import io.ktor.server.engine.connector
import io.ktor.server.engine.embeddedServer
import io.ktor.server.response.respond
import io.ktor.server.routing.routing
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.webSocketRaw
import kotlin.time.Duration

/**
 * A WebSocket server on a free port of this machine alone, which streams [frames] binary frames for each request, one each
 * [frameInterval], to those who know its [key]. Chaos can be brought over it.
 */
class RequestServer(private val key: String, private val frames: Int, private val frameInterval: Duration) {
    private var engine: EmbeddedServer<CIOApplicationEngine, *>? = null
    private var port = 0

    val condition = ServerCondition()
    val url: String get() = "ws://127.0.0.1:$port$PATH"

    /** Again after [stop] on the same port, as a server that was restarted. */
    suspend fun start() {
        val server = embeddedServer(
            CIO,
            configure = {
                reuseAddress = true // connections of before are in TIME_WAIT
                connector {
                    host = "127.0.0.1"
                    port = this@RequestServer.port
                }
            },
        ) { requests() }
        engine = server // first, so that it is stopped also where this is cancelled
        server.startSuspend(wait = false)
        port = server.engine.resolvedConnectors().first().port
    }

    /** At once: whoever is connected loses his connection. Harmless where it is not running. */
    suspend fun stop() {
        engine?.stopSuspend(gracePeriodMillis = 0, timeoutMillis = 1_000)
        engine = null
    }

    private fun Application.requests() {
        install(WebSockets)
        intercept(ApplicationCallPipeline.Plugins) {
            condition.awaitRunning()
            if (!context.isLoggedIn()) {
                context.respond(HttpStatusCode.Unauthorized)
                finish()
            }
        }
        // Raw, as it would answer pings by itself otherwise, also while it is paused.
        routing { webSocketRaw(PATH) { RequestSession(this, condition, frames, frameInterval).serve() } }
    }

    private fun ApplicationCall.isLoggedIn() =
        request.headers["Authorization"] == "Bearer $key" || request.queryParameters["api_key"] == key

    companion object {
        /** The only key that is accepted. It protects nothing: the server is gone with the program. */
        const val KEY = "load-test"
        private const val PATH = "/requests"
    }
}
