package dev.wspool.ktor.optional

import dev.wspool.ktor.server.WebSocketPools
import dev.wspool.ktor.server.webSocketPool
import dev.wspool.withConnection
import io.ktor.server.application.install
import io.ktor.server.cio.CIO
import io.ktor.server.engine.embeddedServer
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlinx.coroutines.runBlocking
import java.net.URI
import java.util.function.Function

/** A text through a pool that a server has, to be run by a class loader that does not know all of Ktor. */
internal class PoolsOfAServer : Function<String, String> {
    override fun apply(url: String): String {
        val server = embeddedServer(CIO, port = 0, host = "127.0.0.1") {
            install(WebSocketPools) { pool("echo", url) }
            routing {
                get("/") {
                    call.respondText(
                        call.webSocketPool("echo").withConnection {
                            send("hello")
                            receiveText()
                        },
                    )
                }
            }
        }.start()
        try {
            val port = runBlocking { server.engine.resolvedConnectors().first().port }
            return URI("http://127.0.0.1:$port/").toURL().readText()
        } finally {
            server.stop(0, 5_000)
        }
    }
}
