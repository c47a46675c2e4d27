package dev.wspool.internal

import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CountDownLatch
import java.util.concurrent.SynchronousQueue
import kotlin.test.assertEquals
import kotlin.test.assertTrue

class PoolThreadsTest {
    private val threads = PoolThreads.onDemand(MOST, "test")

    @AfterEach
    fun end() = threads.shutdown()

    @Test
    fun whatBlocksHoldsUpNothingWhileThereMayBeMoreThreadsAndWhatIsTooMuchIsKept() {
        val blocked = CountDownLatch(1)
        val begun = CountDownLatch(MOST)
        val done = CountDownLatch(2 * MOST)
        repeat(MOST) {
            threads.execute {
                begun.countDown()
                blocked.await()
                done.countDown()
            }
        }
        begun.await() // all at once, or this does not end
        repeat(MOST) { threads.execute(done::countDown) }
        assertEquals(MOST, threads.queue.size)
        blocked.countDown()
        done.await()
    }

    @Test
    fun aThreadThatWaitsIsTakenBeforeAnotherIsMade() {
        val seen = ConcurrentHashMap.newKeySet<Thread>()
        val answers = SynchronousQueue<Unit>()
        repeat(TASKS) {
            while (threads.activeCount > 0) Thread.onSpinWait() // until the last one waits
            threads.execute {
                seen += Thread.currentThread()
                answers.put(Unit)
            }
            answers.take()
        }
        assertTrue(seen.size < TASKS / 2, "${seen.size} threads for $TASKS tasks, one at a time")
        assertTrue(seen.all { it.isDaemon && it.name.startsWith("test-") })
    }

    private companion object {
        const val MOST = 64
        const val TASKS = MOST // as many as there may be threads
    }
}
