package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** Who has listened from the beginning knows what connections there are, and where the others went, without asking for `stats`. */
@OptIn(ExperimentalCoroutinesApi::class)
class EventCountsTest {
    /** Why connections go in such a life. */
    private val usual = DestroyReason.entries.toSet() - rare

    private val server = FakeConnector(autoConnect = true) { it.echoes() }

    @Test
    fun theCountsAreRebuiltFromTheEventsAlone() = runTest(timeout = 2.minutes) {
        val seen = HashSet<DestroyReason>()
        for (seed in 1..20) seen += live(Random(seed), "seed $seed")
        assertEquals(emptySet(), usual - seen, "a life so dull shows little")
    }

    /** Plays ten minutes. Answers the reasons for which connections went. */
    private suspend fun TestScope.live(chance: Random, seed: String): Set<DestroyReason> {
        val life = poolOf(server) {
            maxConnections = 8
            maxIdle = 5
            maxUses = 20
            maxLifetime = 40.seconds
            maxIdleTime = 12.seconds
            pingInterval = 10.seconds
            validateAfterIdle = 8.seconds
            borrowTimeout = 20.seconds
            random = Random(chance.nextInt())
        }
        life.use { pool ->
            val counts = Counts()
            val listener = launch { pool.events.collect(counts::add) }
            runCurrent()
            pool.reconfigure { minIdle = 2 } // not before somebody listens
            val users = List(10) { launch { talk(pool, chance) } }
            repeat(120) {
                delay(chance.nextInt(10_000).milliseconds)
                disturb(pool, chance)
                runCurrent()
                counts.assertAsIn(pool.stats, "$seed, round $it")
            }
            server.connecting = FakeBehavior.Works
            users.forEach { it.cancelAndJoin() }
            pool.close()
            pool.awaitClosed()
            runCurrent()
            counts.assertAsIn(pool.stats, "$seed, at the end")
            assertTrue(counts.hasEnded)
            listener.cancelAndJoin()
            return pool.stats.destroyed.keys
        }
    }

    private suspend fun talk(pool: WebSocketPool, chance: Random) {
        while (true) {
            delay(chance.nextInt(5_000).milliseconds)
            try {
                pool.withConnection {
                    send("hello")
                    delay(chance.nextInt(3_000).milliseconds)
                    when (chance.nextInt(12)) {
                        0 -> invalidate()
                        1 -> return@withConnection // its reply unread
                        2 -> detach().release()
                        else -> receiveText()
                    }
                }
            } catch (_: PoolException) {
                delay(1.seconds)
            }
        }
    }

    /** What an operator, a server or a network may do to a pool. */
    private fun disturb(pool: WebSocketPool, chance: Random) {
        val peer = server.connections.filter(FakeConnection::isOpen).randomOrNull(chance)
        when (chance.nextInt(14)) {
            0 -> peer?.dies()
            1 -> peer?.closes(chance.nextInt(1011, 1014))
            2 -> peer?.receives("unasked")
            3 -> peer?.run {
                answersPing = false
                confirmsAbort = chance.nextBoolean()
            }
            4 -> peer?.answersClose = false
            5 -> peer?.confirmsAbort = false
            6 -> server.connecting = FakeBehavior.Fails()
            7 -> server.connecting = FakeBehavior.Slow(2.seconds)
            8, 9 -> server.connecting = FakeBehavior.Works
            10 -> pool.evictIdle()
            11 -> pool.reset()
            12 -> pool.rotateCredentials()
            13 -> pool.reconfigure { maxConnections = chance.nextInt(4, 9) }
        }
    }

    /** What there must be, after all that was told. */
    private class Counts {
        private var connecting = 0
        private var open = 0
        private val closing = HashSet<ConnectionId>()
        private val destroyed = HashMap<DestroyReason, Long>()
        private var failures = 0L
        var hasEnded = false
            private set

        fun add(event: PoolEvent) {
            when (event) {
                is PoolEvent.Connecting -> connecting++
                is PoolEvent.ConnectFailed -> {
                    connecting--
                    failures++
                }
                is PoolEvent.Connected -> {
                    connecting--
                    open++
                }
                is PoolEvent.Closing -> {
                    open--
                    closing += event.id
                }
                is PoolEvent.Closed -> {
                    if (!closing.remove(event.id)) open--
                    destroyed.merge(event.reason, 1, Long::plus)
                }
                is PoolEvent.Ended -> hasEnded = true
                else -> {} // nothing comes or goes
            }
        }

        fun assertAsIn(stats: PoolStats, moment: String) {
            val told = listOf(connecting, open, closing.size, destroyed, failures)
            assertEquals(with(stats) { listOf(connecting, idle + leased, closing, destroyed, connectFailures) }, told, "$moment: $stats")
        }
    }

    private companion object {
        /** These need a hook, a network signal, a GOAWAY, a demand, or a caller who forgets. */
        val rare = setOf(
            DestroyReason.NetworkChanged,
            DestroyReason.GoingAway,
            DestroyReason.Rejected,
            DestroyReason.Leaked,
            DestroyReason.Unfit,
        )
    }
}
