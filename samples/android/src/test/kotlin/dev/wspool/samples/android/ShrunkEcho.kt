package dev.wspool.samples.android

import dev.wspool.NetworkSignal
import dev.wspool.NetworkState
import dev.wspool.WebSocketPool
import dev.wspool.withConnection
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.runBlocking
import java.util.function.Function
import kotlin.time.Duration.Companion.seconds

/** An app as small as can be, to be shrunk with the library. Given the URL of an echo server. */
internal class ShrunkEcho : Function<String, String> {
    override fun apply(url: String): String = runBlocking {
        WebSocketPool(url) { network = NetworkSignal(flowOf(NetworkState(isAvailable = true))) }.use { pool ->
            val reply = pool.withConnection {
                send("hello")
                receiveText(10.seconds)
            }
            pool.drain(10.seconds)
            reply
        }
    }
}
