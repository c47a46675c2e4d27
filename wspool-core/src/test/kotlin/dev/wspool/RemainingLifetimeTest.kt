package dev.wspool

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes

/** A lease that needs its time gets a connection that has it. */
@OptIn(ExperimentalCoroutinesApi::class)
class RemainingLifetimeTest {
    private val connector = echoing()
    private val long = BorrowRequest(minRemainingLifetime = 10.minutes)

    private fun TestScope.pool(configure: PoolConfig.Builder.() -> Unit = {}) = poolOf(connector) {
        maxIdleTime = Duration.INFINITE
        maxLifetime = 30.minutes
        lifetimeJitter = 0.0
        configure()
    }

    @Test
    fun aConnectionWithTooLittleLeftIsForOthers() = runTest {
        val pool = pool()
        val first = pool.withConnection { id }
        delay(19.minutes)
        assertEquals(first, pool.withConnection(long) { id })
        delay(3.minutes)
        assertEquals("c2", pool.withConnection(long) { id.value })
        assertEquals(2, pool.stats.idle)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun inAFullPoolItMakesRoomForOneThatFits() = runTest {
        val pool = pool { maxConnections = 1 }
        pool.withConnection { }
        delay(22.minutes)
        assertEquals("c2", pool.withConnection(long) { id.value })
        assertEquals(mapOf(DestroyReason.Unfit to 1L), pool.stats.destroyed)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun thePoolMayAskForItOfAll() = runTest {
        val pool = pool { minRemainingLifetime = 10.minutes }
        pool.withConnection { }
        delay(19.minutes)
        assertEquals("c1", pool.withConnection { id.value })
        delay(2.minutes)
        assertEquals("c2", pool.withConnection { id.value })
        assertEquals(mapOf(DestroyReason.LifetimeReached to 1L), pool.stats.destroyed)
    }

    @Test
    fun aDemandThatNoConnectionIsSureToMeetFailsAtOnce() = runTest {
        val pool = pool { lifetimeJitter = 0.1 }
        val e = assertFailsWith<IllegalArgumentException> { pool.borrow(BorrowRequest(minRemainingLifetime = 28.minutes)) }
        assertEquals("minRemainingLifetime (28m) is above the shortest life, 27m (maxLifetime, lifetimeJitter)", e.message)
        assertEquals("c1", pool.withConnection(BorrowRequest(minRemainingLifetime = 27.minutes)) { id.value })
    }

    @Test
    fun aRequestThatMakesNoSenseIsRefused() {
        val remaining = assertFailsWith<IllegalArgumentException> { BorrowRequest(minRemainingLifetime = (-1).minutes) }
        assertEquals("minRemainingLifetime must not be negative: -1m", remaining.message)
        val timeout = assertFailsWith<IllegalArgumentException> { BorrowRequest(timeout = (-1).minutes) }
        assertEquals("timeout must not be negative: -1m", timeout.message)
    }
}
