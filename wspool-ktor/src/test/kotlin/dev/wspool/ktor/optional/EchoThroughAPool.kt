package dev.wspool.ktor.optional

import dev.wspool.Endpoint
import dev.wspool.NetworkSignal
import dev.wspool.NetworkState
import dev.wspool.WebSocketPool
import dev.wspool.test.FakeConnector
import dev.wspool.withConnection
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.runBlocking
import java.util.function.Function
import kotlin.time.Duration.Companion.seconds

/** What most apps do, to be run by a class loader: a text through a pool, and its end. Given a URL, or nothing for a pool without Ktor. */
internal class EchoThroughAPool : Function<String, String> {
    override fun apply(url: String): String = runBlocking {
        val signal = NetworkSignal(MutableStateFlow(NetworkState(isAvailable = true)))
        val pool = if (url.isEmpty()) {
            WebSocketPool(FakeConnector(autoConnect = true) { it.echoes() }, Endpoint("ws://fake")) { network = signal }
        } else {
            WebSocketPool(url) { network = signal }
        }
        pool.use {
            val reply = it.withConnection {
                send("hello")
                receiveText(10.seconds)
            }
            it.drain(10.seconds)
            "$reply ${it.stats.created}"
        }
    }
}
