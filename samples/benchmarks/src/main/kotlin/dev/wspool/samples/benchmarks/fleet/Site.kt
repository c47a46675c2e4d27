package dev.wspool.samples.benchmarks.fleet

import dev.wspool.Endpoint
import io.ktor.server.application.install
import io.ktor.server.cio.CIO
import io.ktor.server.engine.embeddedServer
import io.ktor.server.routing.routing
import io.ktor.server.websocket.WebSocketServerSession
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.webSocketRaw
import io.ktor.websocket.Frame
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import java.util.concurrent.atomic.LongAdder
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** A server that takes [pause] for each frame, a ping as any other, and does many at once. */
internal class Site : AutoCloseable {
    @Volatile
    var pause: Duration = 1.milliseconds

    /** Messages that it has answered. */
    val answers = LongAdder()

    private val server = embeddedServer(CIO, port = 0, host = "127.0.0.1") {
        install(WebSockets)
        routing { webSocketRaw("/") { answer() } }
    }.start()

    val endpoint = Endpoint("ws://127.0.0.1:${runBlocking { server.engine.resolvedConnectors().first().port }}/")

    private suspend fun WebSocketServerSession.answer() {
        for (frame in incoming) {
            delay(pause)
            when (frame) {
                is Frame.Ping -> send(Frame.Pong(frame.data))
                is Frame.Close -> return send(frame)
                else -> {
                    send(frame)
                    answers.increment()
                }
            }
        }
    }

    override fun close() = server.stop(0, 0)
}
