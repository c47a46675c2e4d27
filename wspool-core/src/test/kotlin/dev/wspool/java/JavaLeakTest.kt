package dev.wspool.java

import dev.wspool.Diagnostics
import dev.wspool.echoing
import dev.wspool.poolOf
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.seconds

/** A thread has no job that would end: its lease lies untouched for as long as it likes. */
@OptIn(ExperimentalCoroutinesApi::class)
class JavaLeakTest {
    @Test
    fun whoIsNoCoroutineIsNotSuspected() = runTest {
        val settings = Diagnostics(leakThreshold = 10.seconds, reclaimLeaks = true)
        poolOf(echoing()) { maxConnections = 2; diagnostics = settings }.use { pool ->
            pool.warmUp(2) // what is idle is lent on the spot, where virtual time need not go on
            val java = JavaWebSocketPool.wrap(pool)
            val leases = listOf(java.borrow(), java.borrowAsync().get())
            advanceTimeBy(100.seconds)
            assertEquals(0, pool.stats.leaks)
            for (lease in leases) {
                lease.send("still here")
                assertEquals("still here", lease.receiveText())
                lease.release()
            }
        }
    }
}
