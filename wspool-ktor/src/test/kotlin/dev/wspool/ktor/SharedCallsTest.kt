package dev.wspool.ktor

import dev.wspool.Backoff
import dev.wspool.ConnectionLostException
import dev.wspool.DestroyReason
import dev.wspool.PoolConfig
import dev.wspool.WebSocketPool
import dev.wspool.jsonrpc.JsonRpcCorrelator
import dev.wspool.jsonrpc.call
import dev.wspool.test.PeerFrame.Companion.CONTINUATION
import dev.wspool.test.PeerFrame.Companion.TEXT
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonArray
import org.junit.jupiter.api.Test
import java.util.concurrent.CountDownLatch
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A thousand callers at once on four connections: each gets his own answer, or is told that there is none, once. */
class SharedCallsTest {
    private val random = Random(8)

    @Test
    fun eachOfAThousandCallersGetsHisOwnAnswerOrATypedError() = runBlocking(testThreads) {
        JsonRpcServer().use { server ->
            server.start()
            val pool = WebSocketPool(server.url) { settings() }
            try {
                withTimeout(NET) { ask(pool, server) }
                assertEquals(1, server.mostOfOneCall, "no call is made twice")
                assertEquals("0 leases, 0 waiting", "${pool.stats.leases} leases, ${pool.stats.waiting} waiting")
                assertTrue(pool.stats.created <= CONNECTIONS * (1 + RESTARTS), "a connection that is well is not given up: ${pool.stats}")
                assertEquals(emptySet(), pool.stats.destroyed.keys - DestroyReason.Lost, "${pool.stats}")
            } finally {
                pool.close()
                withTimeout(NET) { pool.awaitClosed() }
            }
        }
    }

    /** It goes on to be sent: cut short, it would be the end of the connection. */
    @Test
    fun largeRequestThatIsGivenUpWhileItIsSentLeavesTheConnectionToTheOthers() {
        val givenUp = CountDownLatch(1)
        scripted(
            {
                upgrade()
                receive()
                givenUp.await()
                text("""{"id":1,"result":"yours"}""")
                for (frame in frames()) if (frame.opcode != TEXT && frame.opcode != CONTINUATION) reply(frame)
            },
            {
                leasesPerConnection = 2
                correlator = JsonRpcCorrelator
            },
        ) { pool ->
            val bob = pool.borrow()
            bob.send("""{"id":1,"method":"mine"}""")
            val large = buildJsonArray { add(JsonPrimitive("x".repeat(32 shl 20))) } // more than the buffers of both kernels
            assertNull(withTimeoutOrNull(1.seconds) { pool.call("take", large) })
            givenUp.countDown()
            assertEquals("""{"id":1,"result":"yours"}""", bob.receiveText())
            bob.release()
        }
    }

    private fun PoolConfig.Builder.settings() {
        maxConnections = CONNECTIONS
        leasesPerConnection = CALLERS / CONNECTIONS
        correlator = JsonRpcCorrelator
        borrowTimeout = NET
        backoff = Backoff(10.milliseconds, 100.milliseconds)
    }

    private suspend fun ask(pool: WebSocketPool, server: JsonRpcServer) = coroutineScope {
        val outcomes = MutableStateFlow(Outcomes())
        repeat(CALLERS) { caller ->
            val patience = List(CALLS) { if (random.nextInt(5) == 0) random.nextInt(1, 20).milliseconds else NET }
            launch {
                patience.forEachIndexed { number, time ->
                    val question = buildJsonArray {
                        add(JsonPrimitive(caller))
                        add(JsonPrimitive(number))
                    }
                    val outcome = withTimeoutOrNull(time) { outcomeOf(pool, question) } ?: Outcomes(givenUp = 1)
                    outcomes.update { it + outcome }
                }
            }
        }
        for (restart in 1..RESTARTS) {
            outcomes.first { it.all >= CALLERS * CALLS * restart / (RESTARTS + 1) }
            withContext(Dispatchers.IO) {
                server.kill()
                server.start()
            }
        }
        val end = outcomes.first { it.all == CALLERS * CALLS }
        assertTrue(end.answered > 0 && end.givenUp > 0, "$end")
        // Of each restart those that were under way, and no more: who came later waited for a new connection.
        assertTrue(end.lost <= CALLERS * RESTARTS, "$end")
    }

    private suspend fun outcomeOf(pool: WebSocketPool, question: JsonArray): Outcomes = try {
        assertEquals(question, pool.call("echo", question), "the answer to another question")
        Outcomes(answered = 1)
    } catch (_: ConnectionLostException) {
        Outcomes(lost = 1)
    }

    private data class Outcomes(val answered: Int = 0, val lost: Int = 0, val givenUp: Int = 0) {
        val all: Int get() = answered + lost + givenUp

        operator fun plus(other: Outcomes) = Outcomes(answered + other.answered, lost + other.lost, givenUp + other.givenUp)
    }

    private companion object {
        const val CONNECTIONS = 4
        const val CALLERS = 1_000
        const val CALLS = 20
        const val RESTARTS = 2

        /** A safety net. */
        val NET = 60.seconds
    }
}
