package dev.wspool.ktor

import dev.wspool.Endpoint
import dev.wspool.ktor.engine.WebSocketsEngine
import dev.wspool.test.RecordingListener
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts.listen
import io.ktor.client.HttpClient
import io.ktor.client.plugins.HttpTimeout
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.plugins.websocket.webSocket
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.CoroutineContext
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/**
 * Opens that are cancelled at each dispatch on their way, one after the other: whatever a coroutine was about to be given there
 * never reaches it.
 */
class CancelledDispatchTest {
    @Test
    fun connectionOfAPoolIsNotLostAtAnyDispatch() = atEachDispatch { client, url ->
        val listener = RecordingListener()
        WebSocketsEngineConnector(client).connect(Endpoint(url), listener).abort()
        listener.awaitClosed()
    }

    @Test
    fun sessionIsNotLostAtAnyDispatch() = atEachDispatch { client, url -> client.webSocket(url) { } }

    private fun atEachDispatch(open: suspend (client: HttpClient, url: String) -> Unit) = ScriptedServer(listen).use { server ->
        // How many dispatches an open takes differs from one to the next: what is there already is not waited for.
        val cancelled = (1..MOST_DISPATCHES).count { number ->
            val dispatcher = Cancelling(number)
            val client = HttpClient(WebSocketsEngine) {
                install(WebSockets)
                install(HttpTimeout) { connectTimeoutMillis = 60_000 }
                engine { this.dispatcher = dispatcher }
            }
            val wasCancelled = client.use {
                runBlocking(Dispatchers.Default) {
                    val caller = launch(dispatcher, CoroutineStart.LAZY) { open(client, server.url) }
                    dispatcher.victim = caller
                    withTimeout(30.seconds) { caller.join() }
                    caller.isCancelled
                }
            }
            awaitDescriptors(0, server.port)
            wasCancelled
        }
        println("Cancelled $cancelled opens of $MOST_DISPATCHES")
        assertTrue(cancelled in 2..<MOST_DISPATCHES, "$cancelled: the sweep does not cover an open")
        server.awaitNoneOpen()
    }

    /** Cancels [victim] just before the dispatch of that number. */
    private class Cancelling(private val number: Int) : CoroutineDispatcher() {
        private val dispatches = AtomicInteger()
        lateinit var victim: Job

        override fun dispatch(context: CoroutineContext, block: Runnable) {
            if (dispatches.incrementAndGet() == number) victim.cancel()
            Dispatchers.Default.dispatch(context, block)
        }
    }

    private companion object {
        const val MOST_DISPATCHES = 32
    }
}
