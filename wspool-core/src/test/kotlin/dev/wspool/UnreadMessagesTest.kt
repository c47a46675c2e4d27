package dev.wspool

import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What becomes of messages that nobody has read when a connection is given back. */
@OptIn(ExperimentalCoroutinesApi::class)
class UnreadMessagesTest {
    private val connector = FakeConnector(autoConnect = true)
    private val told = ArrayList<Throwable>()
    private val peer: FakeConnection get() = connector.connections.last()

    private val drain = UnreadMessages.Drain(maxMessages = 3) { it == Message.Text("end") }

    private fun TestScope.pool(policy: UnreadMessages, configure: PoolConfig.Builder.() -> Unit = {}) = poolOf(connector) {
        maxConnections = 1
        unreadMessages = policy
        onBackgroundError { told += it }
        configure()
    }

    @Test
    fun whateverThePolicyTheReplyToACallerWhoGaveUpDoesNotReachTheNext() = runTest {
        for (policy in listOf(UnreadMessages.CloseConnection, UnreadMessages.Drop, UnreadMessages.Keep, drain)) {
            for (isLate in listOf(false, true)) {
                val pool = pool(policy) { reuseAfterFailure { true } }
                runCatching {
                    pool.withConnection {
                        send("what is my balance?")
                        receiveText(1.seconds)
                    }
                }
                val abandoned = peer
                if (!isLate) abandoned.receives("a million")
                val next = async {
                    pool.withConnection {
                        send("what is the weather?")
                        receiveText()
                    }
                }
                runCurrent()
                if (isLate) abandoned.receives("a million")
                advanceTimeBy(2.seconds) // a drain has its time
                peer.receives("fine")
                assertEquals("fine", next.await(), "$policy")
                assertTrue(peer !== abandoned, "$policy")
                pool.assertNothingLeft(connector)
            }
        }
    }

    @Test
    fun theyCloseTheConnectionUnlessToldOtherwise() = runTest {
        val pool = poolOf(connector)
        pool.withConnection { peer.receives("unread") }
        runCurrent()
        assertEquals(mapOf(DestroyReason.Dirty to 1L), pool.stats.destroyed)
    }

    @Test
    fun droppedTheyReachNobody() = runTest {
        val pool = pool(UnreadMessages.Drop)
        pool.withConnection { repeat(3) { peer.receives("unread $it") } }
        pool.withConnection {
            assertTrue(isReused)
            assertFailsWith<ReceiveTimeoutException> { receive(1.seconds) }
        }
    }

    @Test
    fun droppingThemLetsAReaderThatHadStoppedGoOn() = runTest {
        val pool = pool(UnreadMessages.Drop) { unsolicitedMessages = UnsolicitedMessages.Drop }
        pool.withConnection { repeat(100) { peer.receives("unread $it") } }
        assertFalse(peer.readingStopped)
        assertEquals(1, pool.stats.idle)
        pool.withConnection {
            peer.receives("mine")
            assertEquals("mine", receiveText())
        }
        pool.assertNothingLeft(connector)
    }

    @Test
    fun keptTheyAreThereForTheNextUser() = runTest {
        val pool = pool(UnreadMessages.Keep)
        pool.withConnection { repeat(3) { peer.receives("price $it") } }
        pool.withConnection { assertEquals("price 0", receiveText()) }
        pool.withConnection {
            assertTrue(isReused)
            peer.receives("price 3")
            assertEquals(listOf("price 1", "price 2", "price 3"), List(3) { receiveText() })
        }
        assertEquals(1, pool.stats.idle)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun keptTheyForgiveNoReceiveThatWasGivenUp() = runTest {
        val pool = pool(UnreadMessages.Keep)
        pool.withConnection { peer.receives("price 0") }
        pool.withConnection {
            receive()
            assertFailsWith<ReceiveTimeoutException> { receive(1.seconds) }
        }
        runCurrent()
        assertEquals(mapOf(DestroyReason.Dirty to 1L), pool.stats.destroyed)
    }

    @Test
    fun drainedUpToTheEndTheConnectionIsLentOn() = runTest {
        val pool = pool(drain)
        val lease = pool.borrow()
        lease.send("list")
        peer.receives("1")
        lease.release()
        runCurrent()
        assertEquals(1, pool.stats.leased)
        peer.receives("2")
        peer.receives("end")
        runCurrent()
        assertEquals(1, pool.stats.idle)
        pool.withConnection { assertFailsWith<ReceiveTimeoutException> { receive(1.seconds) } }
        pool.assertNothingLeft(connector)
    }

    @Test
    fun drainedUpToTheEndAReceiveThatWasGivenUpIsForgiven() = runTest {
        val pool = pool(drain)
        pool.withConnection { assertFailsWith<ReceiveTimeoutException> { receive(1.seconds) } }
        runCurrent()
        peer.receives("late")
        peer.receives("end")
        runCurrent()
        assertEquals(1, pool.stats.idle)
        pool.withConnection { assertTrue(isReused) }
    }

    @Test
    fun whatComesBehindTheEndClosesTheConnection() = drainFails(Duration.ZERO) { listOf("1", "end", "more").forEach(peer::receives) }

    @Test
    fun moreMessagesThanAllowedCloseTheConnection() = drainFails(Duration.ZERO) { listOf("1", "2", "3", "end").forEach(peer::receives) }

    @Test
    fun anEndThatDoesNotComeInTimeClosesTheConnection() = drainFails(1.seconds) { peer.receives("1") }

    private fun drainFails(after: Duration, use: suspend Lease.() -> Unit) = runTest {
        val pool = pool(drain)
        pool.withConnection { use() }
        assertEquals("c2", pool.withConnection { id.value })
        assertEquals(after.inWholeMilliseconds, currentTime)
        assertEquals(mapOf(DestroyReason.Dirty to 1L), pool.stats.destroyed)
        assertEquals(emptyList(), told)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun whatNoMessageCanMendIsNotWaitedFor() = runTest {
        val pool = pool(drain)
        runCatching { pool.withConnection { error("mine") } }
        assertEquals("c2", pool.withConnection { id.value })
        assertEquals(0, currentTime)
    }

    @Test
    fun anEndThatCannotBeToldClosesTheConnectionAndIsTold() = runTest {
        val pool = pool(UnreadMessages.Drain { error("mine") })
        pool.withConnection { peer.receives("1") }
        assertEquals("c2", pool.withConnection { id.value })
        assertEquals(listOf("mine"), told.map { it.message })
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aConnectionThatEndsWhileItIsDrainedIsNoNews() = runTest {
        val pool = pool(drain)
        pool.withConnection { peer.receives("1") }
        runCurrent()
        peer.dies(1000)
        runCurrent()
        assertEquals(mapOf(DestroyReason.Lost to 1L), pool.stats.destroyed)
        assertEquals(emptyList(), told)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aPoolThatIsClosedWhileItDrainsEnds() = runTest {
        val pool = pool(drain)
        pool.withConnection { peer.receives("1") }
        runCurrent()
        pool.assertNothingLeft(connector)
        assertEquals(0, currentTime)
        assertEquals(emptyList(), told)
    }

    @Test
    fun aDrainThatMakesNoSenseIsRefused() {
        val messages = assertFailsWith<IllegalArgumentException> { UnreadMessages.Drain(maxMessages = 0) { true } }
        assertEquals("maxMessages must be at least 1, not 0", messages.message)
        val time = assertFailsWith<IllegalArgumentException> { UnreadMessages.Drain(maxTime = (-1).milliseconds) { true } }
        assertEquals("maxTime must be positive, not -1ms", time.message)
    }
}
