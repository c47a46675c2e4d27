package dev.wspool.samples.dashboard

import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCallPipeline
import io.ktor.server.application.call
import io.ktor.server.application.install
import io.ktor.server.cio.CIO
import io.ktor.server.engine.embeddedServer
import io.ktor.server.response.respond
import io.ktor.server.routing.routing
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.webSocket
import io.ktor.websocket.Frame
import io.ktor.websocket.readText

/** A WebSocket server on a free port of this machine alone, which replies with what it is sent, after a [pause]. */
class EchoServer(private val credentials: Credentials, private val pause: suspend () -> Unit) {
    private val server = embeddedServer(CIO, port = 0, host = "127.0.0.1") {
        install(WebSockets)
        intercept(ApplicationCallPipeline.Plugins) {
            if (call.request.headers[HttpHeaders.Authorization] != credentials.current) {
                call.respond(HttpStatusCode.Unauthorized)
                finish()
            }
        }
        routing {
            webSocket("/") {
                for (frame in incoming) {
                    if (frame !is Frame.Text) continue
                    pause()
                    send(Frame.Text(frame.readText()))
                }
            }
        }
    }

    /** Returns the port. */
    suspend fun start(): Int {
        server.startSuspend(wait = false)
        return server.engine.resolvedConnectors().first().port
    }

    /** Ends its connections as well, at once. */
    suspend fun stop() {
        server.stopSuspend(gracePeriodMillis = 0, timeoutMillis = 1_000)
    }
}
