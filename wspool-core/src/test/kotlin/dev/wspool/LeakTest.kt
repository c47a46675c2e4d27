package dev.wspool

import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension
import java.lang.ref.WeakReference
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** Leases that nobody gives back: found, named and, where that is wanted, taken back. */
@OptIn(ExperimentalCoroutinesApi::class)
class LeakTest {
    @JvmField
    @RegisterExtension
    internal val log = ExpectedLog()

    private val connector = echoing()
    private val events = ArrayList<PoolEvent>()

    /** Closed whatever happens: a pool that looks for leaks for ever keeps virtual time from standing still. */
    private fun watched(diagnostics: Diagnostics, test: suspend TestScope.(WebSocketPool) -> Unit) = runTest {
        val pool = poolOf(connector) {
            maxConnections = 1
            this.diagnostics = diagnostics
        }
        pool.use {
            backgroundScope.launch { pool.events.collect(events::add) }
            runCurrent()
            test(pool)
            pool.assertNothingLeft(connector)
        }
    }

    @Test
    fun aLeaseThatNobodyHasAnyMoreIsACertainLeak() = watched(Diagnostics(leakDetection = LeakDetection.All, borrowSites = true)) { pool ->
        log.expect("has leaked after")
        val gone = forget(pool)
        collect(gone)
        while (pool.stats.leaks == 0L) delay(5.seconds) // the collector tells of it when it comes to that
        runCurrent()
        val leak = events.filterIsInstance<PoolEvent.LeaseLeaked>().single()
        assertEquals("scatterbrain", leak.coroutine)
        assertContains(leak.site!!, "LeakTest.kt:")
        assertEquals(mapOf(DestroyReason.Leaked to 1L), pool.stats.destroyed)
        assertEquals(1, pool.stats.leaks)
        pool.withConnection { }
    }

    /** A function of its own: no frame of the test's keeps the lease. */
    private suspend fun TestScope.forget(pool: WebSocketPool): WeakReference<Lease> {
        var gone: WeakReference<Lease>? = null
        launch(CoroutineName("scatterbrain")) { gone = WeakReference(pool.borrow()) }.join()
        return gone!!
    }

    private fun collect(gone: WeakReference<*>) {
        repeat(100) {
            if (gone.get() == null) return
            System.gc()
            Thread.onSpinWait()
        }
        assertEquals(null, gone.get(), "something keeps the lease")
    }

    @Test
    fun aLeaseThatIsReturnedIsNone() = watched(Diagnostics(leakDetection = LeakDetection.All)) { pool ->
        val gone = WeakReference(pool.withConnection { Any() })
        pool.withConnection { }
        collect(gone)
        advanceTimeBy(60.seconds)
        assertEquals(0, pool.stats.leaks)
    }

    @Test
    fun aBorrowerWhoHasEndedIsSuspected() = watched(Diagnostics(leakThreshold = 10.seconds)) { pool ->
        log.expect("WARN dev.wspool - ws://fake: the lease of c1, coroutine \"scatterbrain\" may have leaked: it is out for ")
        var lease: Lease? = null
        launch(CoroutineName("scatterbrain")) { lease = pool.borrow() }.join()
        advanceTimeBy(9.seconds)
        assertEquals(0, pool.stats.leaks)
        advanceTimeBy(20.seconds)
        assertEquals(1, pool.stats.leaks, "told once")
        assertEquals(1, pool.stats.leased)
        lease!!.release()
        runCurrent()
        assertTrue(events.any { it is PoolEvent.ReturnedAfterAll })
    }

    @Test
    fun whoIsUsedOnIsNotSuspected() = watched(Diagnostics(leakThreshold = 10.seconds)) { pool ->
        var lease: Lease? = null
        launch { lease = pool.borrow() }.join()
        repeat(10) {
            advanceTimeBy(8.seconds)
            lease!!.send("still here")
            lease.receiveText()
        }
        assertEquals(0, pool.stats.leaks)
        lease!!.release()
    }

    @Test
    fun whoseBorrowerGoesOnIsNotSuspected() = watched(Diagnostics(leakThreshold = 10.seconds)) { pool ->
        val lease = pool.borrow()
        advanceTimeBy(600.seconds)
        assertEquals(0, pool.stats.leaks)
        lease.release()
    }

    @Test
    fun suspectsAreReclaimedWhereThatIsAskedFor() = watched(Diagnostics(leakThreshold = 10.seconds, reclaimLeaks = true)) { pool ->
        log.expect("may have leaked")
        var lease: Lease? = null
        launch { lease = pool.borrow() }.join()
        advanceTimeBy(25.seconds)
        assertEquals(mapOf(DestroyReason.Leaked to 1L), pool.stats.destroyed)
        assertContains(assertFailsWith<LeaseReleasedException> { lease!!.send("late") }.message!!, "leakThreshold")
        pool.withConnection { }
    }

    @Test
    fun whatIsReclaimedWasNotReturned() = watched(Diagnostics(leakThreshold = 10.seconds, reclaimLeaks = true)) { pool ->
        log.expect("may have leaked")
        var lease: Lease? = null
        launch { lease = pool.borrow() }.join()
        advanceTimeBy(25.seconds)
        lease!!.release()
        runCurrent()
        assertEquals(1, events.count { it is PoolEvent.LeakSuspected })
        assertEquals(0, events.count { it is PoolEvent.ReturnedAfterAll })
    }

    @Test
    fun aLeaseThatNobodyHasAnyMoreIsAtLeastSuspected() = watched(Diagnostics(leakThreshold = 10.seconds)) { pool ->
        log.expect("the lease of c1, coroutine \"scatterbrain\" may have leaked")
        collect(forget(pool))
        advanceTimeBy(60.seconds)
        assertEquals(1, events.count { it is PoolEvent.LeakSuspected })
        assertEquals(1, pool.stats.leased, "suspected, not reclaimed")
    }

    @Test
    fun aSuspectThatIsCertainAfterAllIsOneLeak() =
        watched(Diagnostics(leakDetection = LeakDetection.All, leakThreshold = 10.seconds)) { pool ->
            log.expect("may have leaked")
            log.expect("has leaked after")
            val gone = forgetLater(pool)
            assertEquals(1, events.count { it is PoolEvent.LeakSuspected })
            collect(gone)
            while (events.none { it is PoolEvent.LeaseLeaked }) delay(5.seconds)
            assertEquals(1, pool.stats.leaks)
        }

    /** As [forget], but it is suspected first. */
    private suspend fun TestScope.forgetLater(pool: WebSocketPool): WeakReference<Lease> {
        var lease: Lease? = null
        launch { lease = pool.borrow() }.join()
        advanceTimeBy(30.seconds)
        return WeakReference(lease!!).also { lease = null }
    }

    @Test
    fun aSuspectThatNobodyHasAnyMoreIsReclaimed() = watched(Diagnostics(leakThreshold = 10.seconds, reclaimLeaks = true)) { pool ->
        log.expect("may have leaked")
        collect(forget(pool))
        advanceTimeBy(60.seconds)
        assertEquals(mapOf(DestroyReason.Leaked to 1L), pool.stats.destroyed)
        pool.withConnection { }
    }

    @Test
    fun theLeaseOfALostConnectionIsNoLeak() =
        watched(Diagnostics(leakDetection = LeakDetection.All, leakThreshold = 10.seconds)) { pool ->
            val gone = forget(pool)
            connector.connections.single().dies()
            advanceTimeBy(60.seconds)
            collect(gone)
            advanceTimeBy(60.seconds)
            assertEquals(0, pool.stats.leaks, "its place is free, and nobody can do anything with it")
        }

    @Test
    fun aLeaseThatIsOutIsWatchedByTheSettingsThatCome() = watched(Diagnostics(leakDetection = LeakDetection.All)) { pool ->
        log.expect("has leaked after")
        val gone = forget(pool)
        pool.reconfigure { diagnostics = diagnostics.copy(measureTimes = true) }
        collect(gone)
        while (pool.stats.leaks == 0L) delay(5.seconds)
        assertEquals(mapOf(DestroyReason.Leaked to 1L), pool.stats.destroyed)
    }
}
