package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** One day of a pool in virtual time, from six in the morning: what it dials, pings and closes, hour by hour, and why. */
class DayInTheLifeTest {
    private val server = FakeConnector(autoConnect = true) { it.echoes() }
    private var token = "of the morning"

    @Test
    fun aDayInTheLifeOfAPool() = runTest(timeout = 2.minutes) {
        val pool = WebSocketPool(server, Endpoint("ws://fake")) {
            parent = backgroundScope
            dispatcher = StandardTestDispatcher(testScheduler)
            timeSource = testScheduler.timeSource
            random = Random(6)
            maxConnections = 20
            minIdle = 2
            borrowTimeout = 30.seconds
            beforeConnect { Endpoint(it.url, mapOf("Authorization" to token)) }
        }
        val day = Day(pool, this)

        day.hour("06 the pool keeps two connections ready, and refreshes them") {
            assertEquals(2, idle)
            assertTrue(dials in 2 + 2..2 + 6, "$dials dials") // two at the start; then lives of 27 to 30 minutes
            assertEquals(setOf(DestroyReason.LifetimeReached), closed.keys)
            assertTrue(pings in 2 * 175..2 * 205, "$pings pings") // each every 18 to 20 s
        }
        day.hour("07 the first users", users = 5) {
            assertEquals(0, failed)
            assertTrue(mostOpen in 5..7, "$mostOpen open") // who talk, and the two that are kept ready
        }
        day.hour("08 the morning's ramp", users = 18) {
            assertEquals(0, failed)
            assertTrue(mostOpen in 18..20, "$mostOpen open")
            assertTrue(pings < 20 * 200, "$pings pings") // who talks is not pinged
        }
        repeat(3) {
            day.hour("${9 + it} a working hour", users = 18) {
                assertEquals(0, failed)
                assertTrue(mostOpen <= 20, "$mostOpen open")
                assertTrue(dials <= 20 * 3 + 10, "$dials dials") // lives of 27 to 30 minutes, and what the minutes' quiet has reaped
                assertTrue(reused > 10 * dials, "$reused of the requests found a connection, $dials dials")
            }
        }
        day.hour("12 the server is restarted", users = 18, event = { server.connections.forEach { it.closes(1012, "restart") } }) {
            assertTrue(closed.getValue(DestroyReason.Lost) in 5..20, "$closed")
            assertTrue(failed <= 20, "$failed failed") // who talked; who came later waited 5 to 15 s
            assertEquals(0, timedOut)
        }
        day.hour("13 all is well again", users = 18) {
            assertEquals(0, failed)
        }
        day.hour("14 ten minutes of outage", users = 18, event = { outage(10.minutes) }) {
            assertTrue(connectFailures in 15..60, "$connectFailures failed dials in ten minutes with 18 callers")
            assertTrue(timedOut > 0)
            assertEquals(null, closed[DestroyReason.PingTimeout])
        }
        day.hour("15 all is well again", users = 18) {
            assertEquals(0, failed)
            assertEquals(0, connectFailures)
        }
        day.hour("16 the credentials are rotated", users = 18, event = {
            token = "of the evening"
            pool.rotateCredentials()
        }) {
            assertEquals(0, failed)
            assertTrue(closed.getValue(DestroyReason.CredentialsRotated) in 5..20, "$closed")
            val fresh = server.dials.takeLast(closed.getValue(DestroyReason.CredentialsRotated))
            assertTrue(fresh.all { it.endpoint.headers.containsValue(token) })
        }
        day.hour("17 people go home", users = 3) {
            assertEquals(0, failed)
            assertTrue(closed.getValue(DestroyReason.IdleTooLong) in 5..40, "$closed")
            assertTrue(idle in 2..5, "$idle idle")
        }
        repeat(12) {
            day.hour("${(18 + it) % 24} a quiet hour") {
                assertEquals(2, idle)
                assertTrue(dials in 3..6, "$dials dials") // two lives of 27 to 30 minutes
                assertTrue(pings in 2 * 175..2 * 205, "$pings pings")
            }
        }
        assertEquals(pool.stats.created, pool.stats.run { idle + leased + closing + destroyed.values.sum() })
    }

    private suspend fun outage(time: Duration) {
        server.connecting = FakeBehavior.Fails()
        server.connections.forEach { it.dies() }
        delay(time)
        server.connecting = FakeBehavior.Works
    }

    /** What has happened in an hour. */
    private class Hour(val before: PoolStats, val after: PoolStats, val dials: Int, val pings: Int, val mostOpen: Int, val failed: Int) {
        val idle = after.idle
        val connectFailures = after.connectFailures - before.connectFailures
        val timedOut = after.timedOut - before.timedOut
        val reused = after.reused - before.reused
        val closed = DestroyReason.entries
            .associateWith { ((after.destroyed[it] ?: 0) - (before.destroyed[it] ?: 0)).toInt() }
            .filterValues { it > 0 }
    }

    private inner class Day(private val pool: WebSocketPool, private val test: TestScope) {
        private val chance = Random(7)
        private var failed = 0
        private var mostOpen = 0

        /** Plays an hour of [users] who talk for up to 20 s and pause as long, and an [event] after its first ten minutes. */
        suspend fun hour(title: String, users: Int = 0, event: suspend () -> Unit = {}, check: Hour.() -> Unit) {
            val start = test.testScheduler.currentTime.milliseconds
            val before = pool.stats
            val dials = server.dialCount
            val pings = pings()
            failed = 0
            mostOpen = 0
            val talking = List(users) { test.launch { talk() } }
            val watching = test.launch { watch() }
            delay(10.minutes)
            event()
            delay(start + 1.hours - test.testScheduler.currentTime.milliseconds)
            talking.forEach { it.cancelAndJoin() }
            watching.cancelAndJoin()
            val hour = Hour(before, pool.stats, server.dialCount - dials, pings() - pings, mostOpen, failed)
            try {
                hour.check()
            } catch (failure: AssertionError) {
                throw AssertionError("$title: ${failure.message}; ${hour.after}", failure)
            }
        }

        private suspend fun talk() {
            while (true) {
                delay(chance.nextInt(20).seconds)
                try {
                    pool.withConnection {
                        send("hello")
                        delay(chance.nextInt(20).seconds)
                        assertEquals("hello", receiveText())
                    }
                } catch (_: PoolException) {
                    failed++
                }
            }
        }

        private suspend fun watch() {
            while (true) {
                mostOpen = maxOf(mostOpen, pool.stats.total)
                delay(1.seconds)
            }
        }

        private fun pings() = server.connections.sumOf { it.pings.size }
    }
}
