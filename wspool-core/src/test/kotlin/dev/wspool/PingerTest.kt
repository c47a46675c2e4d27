package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.transport.Capability
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import java.io.IOException
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** The pinger: a connection that is silent is asked whether it lives. */
@OptIn(ExperimentalCoroutinesApi::class)
class PingerTest {
    private val connector = echoing()
    private val peer: FakeConnection get() = connector.connections.last()

    /** Pinged after 18 s to 20 s, here always 18. */
    private fun TestScope.pool(configure: PoolConfig.Builder.() -> Unit = {}) = poolOf(connector) {
        maxConnections = 2
        pingInterval = 20.seconds
        pongTimeout = 5.seconds
        configure()
    }

    @Test
    fun aSilentConnectionIsPingedAndAnswers() = runTest {
        val pool = pool()
        pool.withConnection { }
        delay(17.seconds)
        assertEquals(0, peer.pings.size)
        delay(2.seconds)
        assertEquals(1, peer.pings.size)
        delay(100.seconds)
        assertTrue(peer.pings.size in 4..6, "${peer.pings.size}")
        assertEquals("c1", pool.withConnection { id.value })
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aLeasedOneIsToo() = runTest {
        val pool = pool()
        val lease = pool.borrow()
        delay(19.seconds)
        assertEquals(1, peer.pings.size)
        peer.answersPing = false
        delay(1.minutes)
        assertTrue(peer.isAborted)
        val e = assertFailsWith<ConnectionLostException> { lease.receive() }
        val text = "Connection c1 to ws://fake was lost: close code 1006: it did not answer a ping within 5s (pongTimeout)"
        assertEquals(text, e.message)
        assertEquals(text, assertFailsWith<ConnectionLostException> { lease.send("x") }.message)
        assertEquals(mapOf(DestroyReason.PingTimeout to 1L), pool.stats.destroyed)
        lease.release()
        pool.assertNothingLeft(connector)
    }

    @Test
    fun itsHolderIsToldAlsoWhereTheEngineCannotConfirmTheAbort() = runTest {
        val pool = pool()
        val lease = pool.borrow()
        peer.answersPing = false
        peer.confirmsAbort = false
        val e = assertFailsWith<ConnectionLostException> { lease.receive(timeout = 1.minutes) }
        val text = "Connection c1 to ws://fake was lost: close code 1006: it did not answer a ping within 5s (pongTimeout)"
        assertEquals(text, e.message)
        assertTrue(peer.isAborted)
        assertEquals(1, pool.stats.closing)
        lease.release()
        delay(6.seconds)
        assertEquals(mapOf(DestroyReason.Abandoned to 1L), pool.stats.destroyed)
        peer.dies()
        pool.assertNothingLeft(connector)
    }

    @Test
    fun oneThatDoesNotAnswerIsAbortedAndNotLent() = runTest {
        val pool = pool()
        pool.withConnection { }
        peer.answersPing = false
        delay(19.seconds)
        assertEquals(1, pool.stats.idle)
        delay(5.seconds)
        assertTrue(peer.isAborted)
        assertEquals(mapOf(DestroyReason.PingTimeout to 1L), pool.stats.destroyed)
        assertEquals("c2", pool.withConnection { id.value })
        pool.assertNothingLeft(connector)
    }

    @Test
    fun whateverItSaysIsProof() = runTest {
        val pool = pool()
        val lease = pool.borrow()
        peer.answersPing = false
        repeat(20) {
            delay(10.seconds)
            peer.receives("price $it")
            lease.receive()
        }
        assertEquals(0, peer.pings.size)
        delay(35.seconds) // the first time that it is due, something has come since the last
        assertEquals(1, peer.pings.size)
        peer.receives("still here") // no pong, and as good
        delay(6.seconds)
        assertEquals(emptyMap(), pool.stats.destroyed)
        peer.pongs("mine".encodeToByteArray()) // nor is this one ours
        delay(20.seconds)
        assertEquals(emptyMap(), pool.stats.destroyed)
    }

    @Test
    fun oneThatIsNotReadAsItsHolderReadsNothingIsNotJudged() = runTest {
        val pool = pool()
        val lease = pool.borrow()
        repeat(70) { peer.receives("price $it") }
        assertTrue(peer.readingStopped)
        delay(10.minutes)
        assertEquals(emptyMap(), pool.stats.destroyed)
        repeat(70) { assertEquals("price $it", lease.receiveText()) }
        lease.release()
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aPingThatIsStuckHoldsUpNoOther() = runTest {
        val pool = pool()
        val leases = List(2) { pool.borrow() }
        val (stuck, other) = connector.connections
        stuck.pinging = FakeBehavior.Never
        delay(24.seconds)
        assertEquals(2, other.pings.size, "its own, and one as its sibling is suspect")
        assertTrue(stuck.isAborted)
        leases.forEach(Lease::release)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aPingThatFailsIsFoundOutByTheSilence() = runTest {
        val pool = pool()
        pool.withConnection { }
        peer.pinging = FakeBehavior.Fails { IOException("broken pipe") }
        delay(24.seconds)
        assertEquals(mapOf(DestroyReason.PingTimeout to 1L), pool.stats.destroyed)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun anEngineThatShowsNoPongsIsNotAsked() = runTest {
        connector.capabilities = connector.capabilities - Capability.Ping
        val pool = pool { validateAfterIdle = 1.seconds }
        pool.withConnection { }
        delay(2.minutes)
        assertEquals("c1", pool.withConnection { id.value })
        assertEquals(0, peer.pings.size)
    }

    @Test
    fun manyConnectionsAreNotAllPingedAtOnce() = runTest {
        var next = 0
        val pool = poolOf(connector) {
            maxConnections = 20
            pingInterval = 20.seconds
            random = object : Random() {
                override fun nextBits(bitCount: Int): Int = (next++ * 0x9E3779B9.toInt()) ushr (Int.SIZE_BITS - bitCount)
            }
        }
        List(20) { pool.borrow() }.forEach(Lease::release)
        val times = HashSet<Long>()
        repeat(30) {
            val before = connector.connections.sumOf { it.pings.size }
            delay(100.milliseconds)
            if (connector.connections.sumOf { it.pings.size } > before) times += currentTime
            if (it == 0) delay(17_500.milliseconds)
        }
        assertTrue(times.size >= 5, "$times")
        pool.assertNothingLeft(connector)
    }

    @Test
    fun oneThatWasSilentForLongIsProvedBeforeItIsLent() = runTest {
        val pool = pool {
            validateAfterIdle = 1.minutes
            pingInterval = Duration.INFINITE
        }
        pool.withConnection { }
        delay(59.seconds)
        assertEquals("c1", pool.withConnection { id.value })
        assertEquals(0, peer.pings.size)
        delay(62.seconds)
        assertEquals("c1", pool.withConnection { id.value })
        assertEquals(1, peer.pings.size)
        delay(62.seconds)
        peer.answersPing = false
        val from = currentTime
        assertNotEquals("c1", pool.withConnection { id.value })
        assertEquals(1_000, currentTime - from)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun oneThatCameIntoDoubtWhileItWasLentIsLentAgainWhenItsPongComes() = runTest {
        val pool = pool()
        val held = pool.borrow()
        pool.withConnection { }
        connector.connections.first().answersPing = false
        peer.dies() // and its sibling is suspect
        runCurrent()
        held.release()
        assertEquals(1, pool.stats.idle, "it counts as idle")
        val caller = launch { assertEquals("c1", pool.withConnection { id.value }) }
        runCurrent()
        connector.connections.first().run { pongs(pings.single()) }
        caller.join()
        assertEquals(0, currentTime)
    }
}
