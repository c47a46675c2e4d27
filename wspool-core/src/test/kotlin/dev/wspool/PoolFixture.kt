package dev.wspool

import dev.wspool.internal.RealPool
import dev.wspool.internal.machine.checkInvariants
import dev.wspool.test.FakeConnector
import dev.wspool.transport.Connector
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.job
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** A pool in the virtual time of the test. */
internal fun TestScope.poolOf(
    connector: Connector,
    url: String = "ws://fake",
    configure: PoolConfig.Builder.() -> Unit = {},
): WebSocketPool = WebSocketPool(connector, Endpoint(url)) {
    dispatcher = StandardTestDispatcher(testScheduler)
    timeSource = testScheduler.timeSource
    random = LongestDelays
    pingInterval = Duration.INFINITE // a pool that has something to do for ever keeps virtual time from standing still
    maxLifetime = Duration.INFINITE
    backoff = Backoff(100.milliseconds, 5.seconds)
    configure()
}

/** Chance that takes every span to its full length. */
internal object LongestDelays : Random() {
    override fun nextBits(bitCount: Int): Int = -1 ushr (Int.SIZE_BITS - bitCount)
}

/** A connector whose every dial succeeds at once, to a peer that sends back whatever it gets. */
internal fun echoing() = FakeConnector(autoConnect = true) { it.echoes() }

/** The job that is the root of all coroutines of the pool. */
internal val WebSocketPool.job: Job get() = (this as RealPool).scope.coroutineContext.job

/** What holds of a pool at any moment. */
internal fun WebSocketPool.assertSound() {
    this as RealPool
    mailbox.ask { machine.checkInvariants() }
    val now = stats
    assertEquals(now.created, now.idle + now.leased + now.closing + now.destroyed.values.sum(), "$now")
    assertTrue(now.total <= now.maxConnections, "$now")
}

/** The pool's one connection was given back in order, and is there for the next. */
internal fun WebSocketPool.assertClean() = assertEquals(1, stats.idle, "$stats")

/** The pool's one connection was given back half-used, and is not lent on. */
internal fun WebSocketPool.assertDirty() = assertEquals(0, stats.idle, "$stats")

/** One connection is gone, for [reason]. */
@OptIn(ExperimentalCoroutinesApi::class) // runCurrent
internal fun TestScope.assertDestroyed(pool: WebSocketPool, reason: DestroyReason) {
    runCurrent()
    assertEquals(mapOf(reason to 1L), pool.stats.destroyed)
    pool.assertSound()
}

/** All of the pool's capacity can be lent at once: nothing is lost, nothing is lent twice. */
internal suspend fun WebSocketPool.assertWhole() {
    val leases = List(config.maxConnections) { borrow(1.minutes) }
    assertEquals(config.maxConnections, leases.distinctBy { it.id }.size)
    leases.forEach(Lease::release)
    assertSound()
}

/** Closes the pool, and no coroutine and no socket is left. */
internal suspend fun WebSocketPool.assertNothingLeft(connector: FakeConnector) {
    close()
    awaitClosed()
    job.join()
    assertSound()
    assertEquals(0, job.children.count())
    assertEquals(0, connector.openConnections, "open sockets")
    assertEquals(0, connector.pendingDials, "dials without an answer")
    assertEquals(0, stats.total, "$stats")
    assertTrue(connector.mostAtOnce <= config.maxConnections, "${connector.mostAtOnce} sockets at once")
}

/** All that an exception shows: its text, and those of its causes and of what it suppressed. */
internal val Throwable.texts: String get() = stackTraceToString() + "\n" + generateSequence(this) { it.cause }.joinToString("\n")
