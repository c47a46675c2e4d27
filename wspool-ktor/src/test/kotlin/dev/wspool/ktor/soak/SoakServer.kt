package dev.wspool.ktor.soak

import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.cio.CIO
import io.ktor.server.engine.connector
import io.ktor.server.engine.embeddedServer
import io.ktor.server.routing.routing
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.webSocket
import kotlinx.coroutines.runBlocking

/** The process that is killed and paused: Ktor's own server, which echoes, at the port that it is told, until its input ends. */
internal object SoakServer {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val server = embeddedServer(
            CIO,
            configure = {
                reuseAddress = true // the port of the one that was killed
                connector {
                    host = "127.0.0.1"
                    port = arguments.single().toInt()
                }
            },
            module = { echo() },
        ).start()
        println(runBlocking { server.engine.resolvedConnectors().single().port })
        while (System.`in`.read() >= 0) continue
        Runtime.getRuntime().halt(0)
    }

    private fun Application.echo() {
        install(WebSockets)
        routing {
            for (route in Route.entries) {
                webSocket("/soak", protocol = route.protocol) {
                    for (frame in incoming) send(frame.copy())
                }
            }
        }
    }
}
