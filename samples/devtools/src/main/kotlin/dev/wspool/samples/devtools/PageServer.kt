package dev.wspool.samples.devtools

import io.ktor.http.ContentType
import io.ktor.server.cio.CIO
import io.ktor.server.engine.embeddedServer
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing

/** A web server on a free port of this machine alone, which has the pages. */
class PageServer private constructor(val url: String, private val stop: suspend () -> Unit) {
    suspend fun stop() = stop.invoke()

    companion object {
        suspend fun start(pages: List<Page>): PageServer {
            val server = embeddedServer(CIO, port = 0, host = "127.0.0.1") {
                routing {
                    for (page in pages) {
                        get(page.path) { call.respondText(page.html, ContentType.Text.Html) }
                        get("/${page.name}.svg") { call.respondText(page.svg, ContentType.Image.SVG) }
                    }
                }
            }
            server.startSuspend(wait = false)
            val port = server.engine.resolvedConnectors().first().port
            return PageServer("http://127.0.0.1:$port") { server.stopSuspend(gracePeriodMillis = 0, timeoutMillis = 1_000) }
        }
    }
}
