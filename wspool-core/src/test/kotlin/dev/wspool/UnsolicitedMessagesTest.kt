package dev.wspool

import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What becomes of messages that come while nobody holds their connection. */
@OptIn(ExperimentalCoroutinesApi::class)
class UnsolicitedMessagesTest {
    @JvmField
    @RegisterExtension
    internal val log = ExpectedLog()
    private val connector = FakeConnector(autoConnect = true)
    private val handled = ArrayList<String>()
    private val told = ArrayList<String>()
    private val peer: FakeConnection get() = connector.connections.last()

    private val handle = UnsolicitedMessages.Handle { id, message -> handled += "$id: ${(message as Message.Text).text}" }

    private fun TestScope.pool(policy: UnsolicitedMessages, configure: PoolConfig.Builder.() -> Unit = {}) = poolOf(connector) {
        maxConnections = 1
        unsolicitedMessages = policy
        onBackgroundError { told += "$it" }
        configure()
    }

    @Test
    fun whateverThePolicyTheReplyToACallerWhoGaveUpDoesNotReachTheNext() = runTest {
        for (policy in listOf(UnsolicitedMessages.CloseConnection, UnsolicitedMessages.Drop, UnsolicitedMessages.Keep, handle)) {
            val pool = pool(policy)
            runCatching { pool.withConnection { receiveText(1.seconds) } }
            val abandoned = peer
            abandoned.receives("a million")
            val next = async { pool.withConnection { receiveText() } }
            runCurrent()
            abandoned.receives("and more")
            peer.receives("fine")
            assertEquals("fine", next.await(), "$policy")
            pool.assertNothingLeft(connector)
        }
        assertEquals(emptyList(), handled)
    }

    @Test
    fun theyCloseTheConnectionUnlessToldOtherwise() = runTest {
        val pool = poolOf(connector)
        pool.withConnection { }
        peer.receives("hello?")
        runCurrent()
        assertEquals(mapOf(DestroyReason.UnsolicitedMessage to 1L), pool.stats.destroyed)
    }

    @Test
    fun droppedTheyReachNobody() = runTest {
        val pool = pool(UnsolicitedMessages.Drop)
        pool.withConnection { }
        repeat(200) { peer.receives("hello?") }
        assertFalse(peer.readingStopped)
        pool.withConnection {
            assertTrue(isReused)
            assertFailsWith<ReceiveTimeoutException> { receive(1.seconds) }
        }
        pool.assertNothingLeft(connector)
    }

    @Test
    fun keptTheyAreThereForTheNextUser() = runTest {
        val pool = pool(UnsolicitedMessages.Keep)
        pool.withConnection { }
        repeat(100) { peer.receives("price $it") } // more than are held: the server is held back
        pool.withConnection {
            assertTrue(isReused)
            repeat(100) { assertEquals("price $it", receiveText()) }
        }
        assertEquals(1, pool.stats.idle)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun handledTheyComeOneAtATimeAndInOrder() = runTest {
        var atOnce = 0
        val pool = pool(
            UnsolicitedMessages.Handle { id, message ->
                assertEquals(0, atOnce++)
                delay(1.seconds)
                handle.handler(id, message)
                atOnce--
            },
        )
        pool.withConnection { }
        repeat(3) { peer.receives("$it") }
        pool.withConnection { assertTrue(isReused) }
        delay(4.seconds)
        assertEquals(listOf("c1: 0", "c1: 1", "c1: 2"), handled)
        assertEquals(emptyList(), told)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aHandlerThatFailsIsToldAndCalledForTheNext() = runTest {
        val pool = pool(
            UnsolicitedMessages.Handle { id, message ->
                handle.handler(id, message)
                if (handled.size == 1) error("mine")
                if (handled.size == 2) throw CancellationException("its own")
            },
        )
        pool.withConnection { }
        repeat(3) { peer.receives("$it") }
        runCurrent()
        assertEquals(listOf("c1: 0", "c1: 1", "c1: 2"), handled)
        assertEquals(listOf("java.lang.IllegalStateException: mine", "java.util.concurrent.CancellationException: its own"), told)
    }

    @Test
    fun aHandlerThatIsFarBehindGetsNoMore() = runTest {
        val pool = pool(UnsolicitedMessages.Handle { _, _ -> awaitCancellation() })
        pool.borrow().release()
        val peer = connector.connections.single()
        repeat(2_000) { peer.receives("news") }
        runCurrent()
        assertEquals(mapOf(DestroyReason.UnsolicitedMessage to 1L), pool.stats.destroyed)
        pool.close()
    }

    @Test
    fun aHandlerThatNeverEndsDoesNotKeepThePoolFromEnding() = runTest {
        val pool = pool(UnsolicitedMessages.Handle { _, _ -> awaitCancellation() })
        pool.withConnection { }
        peer.receives("hello?")
        runCurrent()
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aChangedPolicyHoldsForWhatComesFromThenOn() = runTest {
        val pool = pool(handle)
        pool.withConnection { }
        peer.receives("1")
        pool.reconfigure { unsolicitedMessages = UnsolicitedMessages.Handle { _, _ -> handled += "other" } }
        peer.receives("2")
        runCurrent()
        assertEquals(listOf("c1: 1", "other"), handled)
    }

    @Test
    fun aServerThatSpeaksFirstIsNotDialledForEver() = runTest {
        log.expect("ws://fake: 3 connections in a row closed, as the server speaks before anybody has asked: ")
        log.expect("ws://fake: 6 connections in a row closed, as the server speaks before anybody has asked: ")
        connector.onConnection = { it.receives("welcome!") }
        val pool = pool(UnsolicitedMessages.CloseConnection)
        val events = ArrayList<String>()
        backgroundScope.launch { pool.events.collect { if (it is PoolEvent.SpokenFirst) events += "$it" } }
        val e = assertFailsWith<BorrowTimeoutException> { pool.borrow(10.seconds) }
        val advice = "the server speaks before anybody has asked: read its greeting in onConnect, or set unsolicitedMessages."
        assertContains(e.message!!, "Connections are closed, as $advice")
        assertTrue(connector.dialCount in 6..8, "${connector.dialCount} dials")
        assertEquals("ws://fake: 3 connections in a row closed: the server spoke before anybody had asked", events.first())
        assertEquals(setOf(DestroyReason.UnsolicitedMessage), pool.stats.destroyed.keys)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aServerThatSpeaksFirstIsLentWhereThePolicyHasAWay() = runTest {
        connector.onConnection = { it.receives("welcome!") }
        for (policy in listOf(UnsolicitedMessages.Drop, UnsolicitedMessages.Keep, handle)) {
            val pool = pool(policy)
            val received = pool.withConnection { runCatching { receiveText(10.milliseconds) }.getOrNull() }
            assertEquals(if (policy === UnsolicitedMessages.Keep) "welcome!" else null, received)
            pool.assertNothingLeft(connector)
        }
        assertEquals(listOf("c1: welcome!"), handled)
    }

    @Test
    fun oneThatSpeaksOnceInAWhileIsForgivenWhenItServes() = runTest {
        val pool = pool(UnsolicitedMessages.CloseConnection)
        repeat(5) {
            val id = pool.withConnection { id }
            peer.receives("hello?")
            assertNotEquals(id, pool.withConnection { this.id })
        }
        assertEquals(5, pool.stats.destroyed[DestroyReason.UnsolicitedMessage])
        pool.assertNothingLeft(connector)
    }
}
