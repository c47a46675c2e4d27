package dev.wspool

import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.util.concurrent.Executors
import java.util.concurrent.ScheduledExecutorService
import java.util.concurrent.ThreadLocalRandom
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.microseconds
import kotlin.time.Duration.Companion.milliseconds

/** Many askers on real threads, cancelled by chance, and peers that answer late or die: each gets his own answer, or none. */
class RequestStressTest {
    private val later: ScheduledExecutorService = Executors.newScheduledThreadPool(2)
    private val connector = FakeConnector(autoConnect = true) { peer ->
        peer.onSend = { question -> peer.answer((question as Message.Text).text) }
    }
    private val answered = AtomicInteger()

    private fun FakeConnection.answer(question: String) {
        if (chance(0.2)) return say(question)
        later.schedule({ if (chance(0.02)) dies() else say(question) }, ThreadLocalRandom.current().nextLong(500), TimeUnit.MICROSECONDS)
    }

    private fun FakeConnection.say(question: String) {
        for (part in 1..3) receives("$question:$part")
    }

    @Test
    @Timeout(120)
    fun everybodyGetsHisOwnAnswerOrNone() {
        val pool = WebSocketPool(connector, Endpoint("ws://fake")) {
            maxConnections = 4
            maxConnectsPerSecond = 10_000.0
            backoff = Backoff(1.milliseconds, 1.milliseconds)
        }
        runBlocking(Dispatchers.Default) {
            repeat(16) { asker -> launch { repeat(100) { round -> ask(pool, "$asker.$round") } } }
        }
        later.shutdown()
        later.awaitTermination(20, TimeUnit.SECONDS)
        assertTrue(answered.get() > 100, "${answered.get()} were answered")
        connector.onConnection = { it.echoes() }
        runBlocking {
            while (pool.stats.leased > 0) yield() // what is on its way to an asker who is gone comes back by itself
            pool.reset()
            pool.assertWhole()
            pool.assertNothingLeft(connector)
        }
    }

    private suspend fun ask(pool: WebSocketPool, question: String) {
        try {
            val patience = ThreadLocalRandom.current().nextLong(1, 1_500).microseconds
            when (ThreadLocalRandom.current().nextInt(4)) {
                0 -> withTimeoutOrNull(patience) { request(pool, question) }
                1 -> coroutineScope {
                    val asking = launch { request(pool, question) }
                    repeat(ThreadLocalRandom.current().nextInt(20)) { yield() }
                    asking.cancel()
                }
                2 -> assertEquals("$question:3", pool.request(question, patience + 1.milliseconds) { it.endsWith(":3") })
                else -> request(pool, question)
            }
        } catch (_: PoolException) {
            // lost, or too late
        }
    }

    private suspend fun request(pool: WebSocketPool, question: String) {
        val parts = listOf("$question:1", "$question:2", "$question:3")
        when (ThreadLocalRandom.current().nextInt(3)) {
            0 -> assertEquals(parts, pool.requestStream(question, retryStale = true) { it.endsWith(":3") }.toList())
            1 -> assertEquals(parts.take(2), pool.requestStream(question) { it.endsWith(":3") }.take(2).toList())
            else -> assertEquals(parts.last(), pool.request(question, retryStale = true) { it.endsWith(":3") })
        }
        answered.incrementAndGet()
    }

    private companion object {
        fun chance(probability: Double) = ThreadLocalRandom.current().nextDouble() < probability
    }
}
