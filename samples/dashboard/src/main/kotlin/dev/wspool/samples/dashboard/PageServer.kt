package dev.wspool.samples.dashboard

import dev.wspool.ktor.server.webSocketPoolStatus
import io.ktor.http.CacheControl
import io.ktor.http.ContentType
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.ApplicationCallPipeline
import io.ktor.server.application.call
import io.ktor.server.application.install
import io.ktor.server.cio.CIO
import io.ktor.server.engine.embeddedServer
import io.ktor.server.http.content.staticResources
import io.ktor.server.response.header
import io.ktor.server.response.respond
import io.ktor.server.response.respondBytes
import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import io.ktor.server.routing.routing
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.pingPeriod
import io.ktor.server.websocket.webSocket
import io.ktor.websocket.Frame
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import kotlinx.serialization.json.Json
import java.net.InetSocketAddress
import java.net.ServerSocket
import kotlin.time.Duration.Companion.seconds

/** The page, what it is told, and what it may ask for; for this machine alone. */
class PageServer private constructor(val port: Int, private val stop: suspend () -> Unit) {
    val url: String get() = "http://localhost:$port"

    suspend fun stop() = stop.invoke()

    companion object {
        private const val HOST = "127.0.0.1"
        private val NAMES = setOf(HOST, "localhost")

        /**
         * Serves [dashboard] at [port], or at a free one where that is zero.
         *
         * @throws java.net.BindException where it is taken.
         */
        suspend fun start(dashboard: Dashboard, port: Int): PageServer {
            requireFree(port)
            val charts = WebJar("chart.js").read("dist/chart.umd.min.js")
            val server = embeddedServer(CIO, port = port, host = HOST) {
                install(WebSockets) {
                    pingPeriod = 10.seconds // so that a page that is gone is found out
                    maxFrameSize = 1024
                }
                intercept(ApplicationCallPipeline.Plugins) {
                    if (call.isForeign()) {
                        call.respond(HttpStatusCode.Forbidden)
                        finish()
                    } else {
                        call.response.header("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")
                    }
                }
                routing {
                    staticResources("/", "dashboard") { cacheControl { listOf(CacheControl.NoCache(null)) } }
                    // Not as static resources: Ktor takes the dots of a directory's name for slashes.
                    get("/charts.js") { call.respondBytes(charts, ContentType.Text.JavaScript) }
                    updates(dashboard)
                    commands(dashboard)
                    webSocketPoolStatus { listOf(dashboard.pool) }
                }
            }
            server.startSuspend(wait = false)
            val chosen = server.engine.resolvedConnectors().first().port
            return PageServer(chosen) { server.stopSuspend(gracePeriodMillis = 0, timeoutMillis = 1_000) }
        }

        /** CIO would tell the thread's handler of it, and its caller only that it was cancelled. */
        private suspend fun requireFree(port: Int) = withContext(Dispatchers.IO) {
            ServerSocket().use { it.bind(InetSocketAddress(HOST, port)) }
        }

        /** At once all that is kept, then the news. A page that is slow gets several samples at a time. */
        private fun Route.updates(dashboard: Dashboard) = webSocket("/updates") {
            var sample = 0L
            var event = 0L
            dashboard.news.collect {
                val update = dashboard.after(sample, event)
                send(Frame.Text(Json.encodeToString(update)))
                flush() // else updates would pile up for who does not read them
                sample = update.samples.lastOrNull()?.number ?: sample
                event = update.events.lastOrNull()?.number ?: event
            }
        }

        private fun Route.commands(dashboard: Dashboard) = post("/commands/{name}") {
            val name = call.parameters["name"].orEmpty()
            val outcome = dashboard.obey(name)
            val status = if (outcome == null) HttpStatusCode.NotFound else HttpStatusCode.OK
            val text = Json.encodeToString(outcome ?: Outcome(false, "There is no such command."))
            call.respondText(text, ContentType.Application.Json, status)
        }

        /**
         * What another site's page asks for; browsers let it ask, and say so. Nor may the site's name lead to this machine, as its pages
         * would be ours for a browser (DNS rebinding).
         */
        private fun ApplicationCall.isForeign(): Boolean {
            val host = request.headers[HttpHeaders.Host].orEmpty()
            if (host.substringBeforeLast(':') !in NAMES) return true
            val origin = request.headers[HttpHeaders.Origin] ?: return false
            return origin != "http://$host"
        }
    }
}
