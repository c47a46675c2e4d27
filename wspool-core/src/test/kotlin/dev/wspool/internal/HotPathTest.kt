package dev.wspool.internal

import com.sun.management.ThreadMXBean
import dev.wspool.echoing
import dev.wspool.poolOf
import dev.wspool.withConnection
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import java.lang.management.ManagementFactory
import java.lang.ref.WeakReference
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.CoroutineContext
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/** What a borrow of an idle connection costs, in what it allocates and what it keeps. */
@OptIn(ExperimentalCoroutinesApi::class)
class HotPathTest {
    private val connector = echoing()

    @Test
    fun aBorrowOfAnIdleConnectionAllocatesNothingButTheLease() = runTest {
        val pool = poolOf(connector)
        val threads = ManagementFactory.getThreadMXBean() as ThreadMXBean
        pool.withConnection { }
        runCurrent()
        val me = Thread.currentThread().id
        val fewest = List(5) {
            val before = threads.getThreadAllocatedBytes(me)
            repeat(ROUNDS) { pool.withConnection { } }
            threads.getThreadAllocatedBytes(me) - before
        }.min()
        assertTrue(fewest / ROUNDS <= 24, "${fewest / ROUNDS} bytes per borrow")
    }

    @Test
    fun aBorrowOfAnIdleConnectionReadsNoClock() = runTest {
        var reads = 0
        val counting = object : TimeSource {
            override fun markNow(): TimeMark = object : TimeMark {
                override fun elapsedNow(): Duration {
                    reads++
                    return testScheduler.currentTime.milliseconds
                }
            }
        }
        val pool = poolOf(connector) { timeSource = counting }
        pool.withConnection { }
        runCurrent()
        val before = reads
        repeat(1_000) { pool.withConnection { } }
        assertEquals(before, reads)
    }

    @Test
    fun anIdleConnectionRemembersNothingOfItsLastHolder() = runTest {
        val pool = poolOf(connector) { maxIdleTime = Duration.INFINITE }
        fun use(): WeakReference<Possession> {
            val possession = Possession()
            CoroutineScope(Dispatchers.Unconfined + possession).launch { pool.withConnection { } }
            return WeakReference(possession)
        }
        pool.withConnection { }
        val remembered = use()
        repeat(20) { if (remembered.get() != null) System.gc() }
        assertNull(remembered.get())
        assertEquals(1, pool.stats.idle)
    }

    private class Possession : AbstractCoroutineContextElement(Possession) {
        companion object Key : CoroutineContext.Key<Possession>
    }

    private companion object {
        const val ROUNDS = 10_000
    }
}
