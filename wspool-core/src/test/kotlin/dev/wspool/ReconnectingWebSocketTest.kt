package dev.wspool

import app.cash.turbine.test
import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** One connection that is always there. */
@OptIn(ExperimentalCoroutinesApi::class)
class ReconnectingWebSocketTest {
    @JvmField
    @RegisterExtension
    internal val log = ExpectedLog()

    private val connector = FakeConnector(autoConnect = true)
    private val peer: FakeConnection get() = connector.connections.last()

    private fun TestScope.socket(configure: PoolConfig.Builder.() -> Unit = {}) = reconnecting(connector, configure)

    private fun TestScope.loses(code: Int = 1006) {
        peer.dies(code)
        runCurrent()
    }

    @Test
    fun aConnectionIsOpenedAtOnceAndAnewWheneverItEnds() = runTest {
        val socket = socket { onConnect { send("subscribe") } }
        socket.connectionState.test {
            assertNull(assertIs<ConnectionState.Disconnected>(awaitItem()).cause)
            val first = assertIs<ConnectionState.Connected>(awaitItem())
            assertEquals("Connected(c1)", "$first")
            for (code in listOf(1006, 1000, 1001)) {
                peer.dies(code)
                val loss = assertIs<ConnectionLostException>(assertIs<ConnectionState.Disconnected>(awaitItem()).cause)
                assertEquals(code, loss.closeInfo.code)
                assertIs<ConnectionState.Connected>(awaitItem())
                assertEquals(listOf<Message>(Message.Text("subscribe")), peer.sent, "on each new connection")
            }
            assertEquals(4, connector.connections.size)
            assertTrue(connector.mostAtOnce == 1)
            socket.close()
            assertIs<ConnectionState.Closed>(awaitItem())
        }
        socket.assertNothingLeft(connector)
    }

    @Test
    fun messagesGoOnOverReconnectionsAndEndWithTheSocket() = runTest {
        val socket = socket()
        socket.awaitConnected()
        socket.messages.test {
            peer.receives("one")
            assertEquals(Message.Text("one"), awaitItem())
            peer.receives("two")
            peer.receives("three")
            loses()
            socket.awaitConnected()
            peer.receives("four")
            assertEquals(listOf("two", "three", "four"), List(3) { (awaitItem() as Message.Text).text })
            socket.close()
            awaitComplete()
        }
        socket.assertNothingLeft(connector)
    }

    @Test
    fun whatCameOnLostConnectionsIsReceivedInOrderBeforeWhatComesOnTheNext() = runTest {
        val socket = socket()
        repeat(3) {
            socket.awaitConnected()
            peer.receives("$it a")
            peer.receives("$it b")
            loses(1001)
        }
        socket.awaitConnected()
        peer.receives("last")
        val expected = listOf("0 a", "0 b", "1 a", "1 b", "2 a", "2 b", "last")
        assertEquals(expected, List(7) { socket.receiveText() })
        socket.assertNothingLeft(connector)
    }

    @Test
    fun aSendWaitsForTheNextConnectionAndIsSentOnce() = runTest {
        val socket = socket()
        socket.awaitConnected()
        connector.connecting = FakeBehavior.Slow(2.seconds)
        peer.dies()
        val sends = listOf("one", "two").map { launch { socket.send(it) } }
        sends.forEach { it.join() }
        assertEquals(setOf<Message>(Message.Text("one"), Message.Text("two")), peer.sent.toSet())
        assertEquals(2, connector.connections.size)
        assertTrue(currentTime in 2_000..2_200, "$currentTime")
        socket.send(byteArrayOf(1))
        socket.assertNothingLeft(connector)
    }

    @Test
    fun aSendWaitsNoLongerThanBorrowTimeoutAndSaysWhy() = runTest {
        connector.connecting = FakeBehavior.Fails()
        val socket = socket { borrowTimeout = 3.seconds }
        val e = assertFailsWith<BorrowTimeoutException> { socket.send("?") }
        assertEquals(3_000, currentTime)
        assertTrue(e.message!!.startsWith("No connection to ws://fake within 3s: 0 of 1 leased"), e.message)
        assertIs<ConnectFailedException>(e.cause)
        connector.connecting = FakeBehavior.Works
        socket.send("now")
        assertEquals(listOf<Message>(Message.Text("now")), peer.sent)
        socket.assertNothingLeft(connector)
    }

    // ---- refusals --------------------------------------------------------------------------------------------------------

    @Test
    fun aRefusalIsToldToWhoWaitsAndTriedAgainAllTheSame() = runTest {
        log.expect("HandshakeFailedException: refused") // where nobody waits
        connector.connecting = FakeBehavior.Fails { HandshakeFailedException("refused", 401) }
        val socket = socket()
        assertFailsWith<HandshakeFailedException> { socket.send("?") }
        assertFailsWith<HandshakeFailedException> { socket.receive() }
        assertFailsWith<HandshakeFailedException> { socket.awaitConnected() }
        assertIs<HandshakeFailedException>(assertIs<ConnectionState.Disconnected>(socket.connectionState.value).cause)
        advanceTimeBy(1.minutes)
        assertTrue(connector.dialCount in 5..20, "${connector.dialCount} dials")
        connector.connecting = FakeBehavior.Works
        advanceTimeBy(1.minutes)
        socket.send("at last")
        socket.assertNothingLeft(connector)
    }

    @Test
    fun reconnectOpensAnotherAtOnceWithNewCredentials() = runTest {
        var token = 1
        val socket = socket { beforeConnect { Endpoint(it.url, headers = mapOf("Authorization" to "${token++}")) } }
        socket.awaitConnected()
        val first = peer
        val waiting = async { runCatching { socket.receive() }.exceptionOrNull() }
        runCurrent()
        socket.reconnect()
        val loss = assertIs<ConnectionLostException>(waiting.await())
        assertEquals("Connection c1 to ws://fake was closed by reconnect()", loss.message)
        runCurrent()
        socket.send("hello")
        assertEquals(CloseInfo.NORMAL, first.closedWith?.code)
        assertEquals(2, connector.connections.size)
        assertEquals(3, token)
        connector.connecting = FakeBehavior.Fails { HandshakeFailedException("refused", 401) }
        loses()
        assertFailsWith<HandshakeFailedException> { socket.send("?") }
        connector.connecting = FakeBehavior.Works
        socket.reconnect()
        runCurrent()
        socket.send("new credentials")
        socket.assertNothingLeft(connector)
    }

    @Test
    fun overAnotherNetworkAnotherConnectionIsOpened() = runTest {
        val states = MutableStateFlow(NetworkState(true, "wifi"))
        val socket = socket { network = NetworkSignal(states) }
        socket.awaitConnected()
        states.value = NetworkState(true, "mobile")
        runCurrent()
        socket.awaitConnected()
        assertEquals(2, connector.connections.size)
        states.value = NetworkState(true, "mobile", isForeground = false)
        runCurrent()
        assertEquals(2, connector.connections.size)
        socket.assertNothingLeft(connector)
    }

    // ---- the end ---------------------------------------------------------------------------------------------------------

    @Test
    fun whoWaitsIsToldOfTheEnd() = runTest {
        val socket = socket()
        val receiving = async { runCatching { socket.receive() }.exceptionOrNull() }
        runCurrent()
        socket.close()
        assertIs<PoolClosedException>(receiving.await())
        assertFailsWith<PoolClosedException> { socket.send("late") }
        assertFailsWith<PoolClosedException> { socket.receive() }
        assertFailsWith<PoolClosedException> { socket.receive(Duration.ZERO) }
        assertFailsWith<PoolClosedException> { socket.ping() }
        assertFailsWith<PoolClosedException> { socket.awaitConnected() }
        assertEquals(emptyList(), socket.messages.toList())
        socket.assertNothingLeft(connector)
    }

    @Test
    fun itTellsOfItselfAndOfItsConnection() = runTest {
        val socket = socket { name = "prices" }
        val state = socket.awaitConnected()
        assertEquals("prices", socket.name)
        assertEquals("ReconnectingWebSocket(prices)", "$socket")
        assertEquals("ws://fake", socket.endpoint.url)
        assertEquals(1, socket.config.maxConnections)
        assertEquals(1, socket.stats.leased)
        assertEquals(ConnectionId("c1"), state.id)
        assertEquals(peer.handshake, state.handshake)
        assertNull(state.localAddress)
        assertNull(state.remoteAddress)
        assertEquals(Duration.ZERO, socket.ping())
        socket.events.test {
            peer.dies()
            assertIs<PoolEvent.Closed>(awaitItem())
            cancelAndIgnoreRemainingEvents()
        }
        socket.assertNothingLeft(connector)
    }

    @Test
    fun settingsThatAreAboutSeveralConnectionsOrAboutGivingOneBackAreRefused() = runTest {
        val refused = mapOf<String, PoolConfig.Builder.() -> Unit>(
            "maxConnections cannot be set here: it is one connection" to { maxConnections = 2 },
            "minIdle cannot be set here: it is one connection" to { minIdle = 0 },
            "leasesPerConnection cannot be set here: nobody else has the connection" to { leasesPerConnection = 2 },
            "maxLifetime cannot be set here: the connection is never given back" to { maxLifetime = 1.minutes },
            "maxUses cannot be set here: the connection is never given back" to { maxUses = 5 },
            "unreadMessages cannot be set here: the connection is never given back" to { unreadMessages = UnreadMessages.Drop },
        )
        for ((message, configure) in refused) {
            assertEquals(message, assertFailsWith<IllegalArgumentException> { socket(configure) }.message)
        }
    }
}
