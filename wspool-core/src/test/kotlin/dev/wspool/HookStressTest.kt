package dev.wspool

import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.ThreadLocalRandom
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.milliseconds

/**
 * Hooks that fail, veto, give up and are cancelled by chance, on real threads, and a server whose replies are late: no reply
 * reaches anybody but who asked for it. Afterwards the pool is whole, and when it is closed nothing is left.
 */
class HookStressTest {
    private val server = CoroutineScope(Dispatchers.Default + Job())
    private val strays = ConcurrentLinkedQueue<String>()

    @Volatile
    private var isCalm = false

    private val connector = FakeConnector(autoConnect = true) { connection ->
        connection.onSend = { request ->
            if (chance(0.5)) connection.receives(request) else server.launch { later { connection.receives(request) } }
        }
    }

    private suspend fun later(action: () -> Unit) {
        if (chance(0.5)) delay(1) else yield()
        action()
    }

    @ParameterizedTest
    @ValueSource(strings = ["CloseConnection", "Drop", "Keep", "Drain"])
    @Timeout(120)
    fun noReplyReachesAnybodyButWhoAskedForIt(policy: String) {
        val pool = WebSocketPool(connector, Endpoint("ws://fake")) {
            maxConnections = 4
            maxConnectsPerSecond = 100_000.0
            backoff = Backoff(1.milliseconds, 1.milliseconds)
            unreadMessages = when (policy) {
                "CloseConnection" -> UnreadMessages.CloseConnection
                "Drop" -> UnreadMessages.Drop
                "Keep" -> UnreadMessages.Keep
                else -> UnreadMessages.Drain(maxTime = 5.milliseconds) { true } // one request is open at a time
            }
            unsolicitedMessages = when (policy) {
                "CloseConnection" -> UnsolicitedMessages.CloseConnection
                "Keep" -> UnsolicitedMessages.Keep
                "Drop" -> UnsolicitedMessages.Drop
                else -> UnsolicitedMessages.Handle { id, message -> strays += "unsolicited on $id: $message" }
            }
            onConnect { ask("connect") }
            onBorrow(50.milliseconds) { ask("borrow").let { isCalm || !chance(0.05) } }
            onReturn(50.milliseconds) { ask("return") }
            onClose { if (!isCalm && chance(0.1)) error("mine") }
            onBackgroundError { if (it is Stray) strays += it.message!! }
            reuseAfterFailure { it is GaveUp }
        }
        runBlocking(Dispatchers.Default) { repeat(16) { launch { rounds(400, pool) } } }
        isCalm = true
        runBlocking {
            pool.assertWhole()
            pool.assertNothingLeft(connector)
        }
        assertEquals(emptyList(), strays.toList())
    }

    private suspend fun rounds(count: Int, pool: WebSocketPool) = repeat(count) { round ->
        try {
            if (chance(0.5)) {
                withTimeoutOrNull(any(0, 1, 5).milliseconds) { use(pool, "$round") }
            } else {
                coroutineScope {
                    val caller = launch { use(pool, "$round") }
                    repeat(any(0, 1, 10, 50)) { yield() }
                    if (chance(0.5)) caller.cancel()
                }
            }
        } catch (_: PoolException) {
            // no connection in time
        } catch (_: GaveUp) {
            // the reply is still to come
        } catch (_: IllegalStateException) {
            // as it was to
        }
    }

    private suspend fun use(pool: WebSocketPool, text: String) {
        pool.withConnection(any(0, 5, 5_000).milliseconds) { ask(text) }
    }

    /** One request and its reply, unless chance has something against it. */
    private suspend fun Lease.ask(what: String) {
        val request = "$what ${ThreadLocalRandom.current().nextLong()}"
        send(request)
        if (!isCalm && chance(0.02)) error("mine")
        if (!isCalm && chance(0.02)) throw CancellationException("its own")
        val reply = try {
            if (!isCalm && chance(0.2)) receiveText(any(0, 1).milliseconds) else receiveText()
        } catch (_: ReceiveTimeoutException) {
            throw GaveUp()
        }
        if (reply != request) throw Stray("\"$request\" was answered by \"$reply\" on $id").also { strays += it.message!! }
    }

    private class GaveUp : RuntimeException()

    private class Stray(message: String) : RuntimeException(message)

    private companion object {
        fun chance(probability: Double) = ThreadLocalRandom.current().nextDouble() < probability

        fun <T> any(vararg choices: T): T = choices[ThreadLocalRandom.current().nextInt(choices.size)]
    }
}
