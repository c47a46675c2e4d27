package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import dev.wspool.transport.ConnectPhase
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/**
 * Of each fault, the message that its caller gets names the cause, the place and the knob. Nothing else is looked at: not the type of the
 * exception, not its cause, not the log.
 */
@OptIn(ExperimentalCoroutinesApi::class)
class ExplainedFaultsTest {
    @JvmField
    @RegisterExtension
    internal val log = ExpectedLog()

    private val connector = FakeConnector(autoConnect = true)
    private val peer: FakeConnection get() = connector.connections.last()

    /** The pool's name is not its URL: it is that which an operator knows. */
    private fun TestScope.pool(configure: PoolConfig.Builder.() -> Unit = {}) = poolOf(connector, "ws://fake:80/prices") {
        name = "prices"
        configure()
    }

    /** [call] fails with a message that says all of it. */
    private suspend fun assertExplained(cause: String, place: String, knob: String, call: suspend () -> Any?) {
        val message = assertFailsWith<PoolException> { call() }.message.orEmpty()
        val named = mapOf("cause" to cause, "place" to place, "knob" to knob)
        assertEquals(emptyMap(), named.filterValues { it !in message }, "missing in: $message")
    }

    @Test
    fun theServerIsDown() = runTest {
        connector.connecting = FakeBehavior.Fails { ConnectRefusedException("fake:80 refused the connection") }
        pool().use { pool ->
            assertExplained("fake:80 refused the connection", "No connection to prices", "backoff: the next dial is made in ") {
                pool.borrow(2.seconds)
            }
        }
    }

    @Test
    fun theHostIsNotFound() = runTest {
        connector.connecting = FakeBehavior.Fails { HostNotFoundException("fake: no such host") }
        pool().use { pool ->
            assertExplained("Last connect failure: fake: no such host", "No connection to prices", "backoff") { pool.borrow(2.seconds) }
        }
    }

    @Test
    fun theNetworkSwallowsTheDial() = runTest {
        connector.connecting = FakeBehavior.Never
        connector.onDial = { it.reaches(ConnectPhase.Tcp) }
        pool { connectTimeout = 1.seconds }.use { pool ->
            assertExplained("TCP did not connect", "prices did not answer", "within 1s (connectTimeout)") {
                pool.borrow(1_100.milliseconds)
            }
        }
    }

    @Test
    fun theHandshakeOfTheApplicationHangs() = runTest {
        pool { onConnect(timeout = 1.seconds) { receiveText() } }.use { pool ->
            assertExplained("was not done within 1s", "onConnect for prices", "onConnect") { pool.borrow(1_100.milliseconds) }
        }
    }

    @Test
    fun theServerWantsUsNoMore() = runTest {
        log.expect("WARN dev.wspool - prices: stopped: ")
        pool().use { pool ->
            pool.borrow().release()
            peer.closes(4401, "token expired")
            assertExplained("close code 4401 \"token expired\"", "prices closed a connection for good", "onCloseCode") { pool.borrow() }
        }
    }

    @Test
    fun anotherHoldsAll() = runTest {
        pool { maxConnections = 1 }.use { pool ->
            val holder = launch(CoroutineName("price-job")) { pool.withConnection { awaitCancellation() } }
            advanceTimeBy(71.seconds)
            assertExplained("1 of 1 leased", "Longest lease: 72s, coroutine \"price-job\"", "Limited by maxConnections (1)") {
                pool.borrow(2.seconds)
            }
            holder.cancel()
        }
    }

    @Test
    fun heHoldsAllHimself() = runTest {
        pool { maxConnections = 2 }.use { pool ->
            assertExplained("who waits for himself waits in vain", "This caller holds 2 of the leases", "Limited by maxConnections (2)") {
                pool.withConnection { pool.withConnection { coroutineScope { async { pool.borrow(1.seconds) }.await() } } }
            }
        }
    }

    @Test
    fun tooManyWaitAlready() = runTest {
        pool { maxConnections = 1; maxWaiting = 1 }.use { pool ->
            val held = pool.borrow()
            val waiter = launch { pool.borrow().release() }
            runCurrent()
            assertExplained("1 may wait", "No place in the queue for prices", "(maxWaiting)") { pool.borrow() }
            held.release()
            waiter.join()
        }
    }

    @Test
    fun asManyDialsAreUnderWayAsMayBe() = runTest {
        connector.connecting = FakeBehavior.Never
        pool { maxConcurrentConnects = 2; connectTimeout = 1.minutes }.use { pool ->
            val others = List(3) { launch { pool.borrow() } }
            assertExplained("as many dials are under way, the oldest for 3.0s", "No connection to prices", "maxConcurrentConnects (2)") {
                pool.borrow(3.seconds)
            }
            others.forEach { it.cancel() }
        }
    }

    @Test
    fun noMoreDialsAreMadeInASecond() = runTest {
        pool { maxConnections = 99; maxConnectsPerSecond = 1.0 }.use { pool ->
            assertExplained("the next dial is made in ", "No connection to prices", "Limited by maxConnectsPerSecond") {
                repeat(99) { pool.borrow(100.milliseconds) }
            }
        }
    }

    @Test
    fun theServerDoesNotAnswerAClose() = runTest {
        connector.onConnection = { it.answersClose = false }
        pool { maxConnections = 1 }.use { pool ->
            pool.borrow().invalidate()
            assertExplained("1 closing", "No connection to prices", "(closeTimeout)") { pool.borrow(1.seconds) }
        }
    }

    @Test
    fun thereIsNoNetwork() = runTest {
        val signal = NetworkSignal(flowOf(NetworkState(isAvailable = false)), OnNetworkLoss.Fail)
        pool { network = signal }.use { pool ->
            runCurrent()
            assertExplained("its NetworkSignal says that there is none", "No connection to prices", "(onLoss)") { pool.borrow() }
        }
    }

    @Test
    fun thePoolIsPaused() = runTest {
        pool().use { pool ->
            pool.pause()
            assertExplained("Limited by a pause", "No connection to prices", "until it is resumed") { pool.borrow(1.seconds) }
        }
    }

    @Test
    fun theServerSpeaksFirst() = runTest {
        log.expect("connections in a row closed, as the server speaks before anybody has asked: ")
        connector.onConnection = { it.receives("welcome!") }
        pool().use { pool ->
            assertExplained(
                "the server speaks before anybody has asked",
                "No connection to prices",
                "read its greeting in onConnect, or set unsolicitedMessages",
            ) { pool.borrow(10.seconds) }
        }
    }

    @Test
    fun thePeerIsGoneAndNobodySaysSo() = runTest {
        pool { pingInterval = 20.seconds }.use { pool ->
            val lease = pool.borrow()
            peer.answersPing = false
            assertExplained("it did not answer a ping within 5s", "Connection c1 to prices", "(pongTimeout)") { lease.receive(1.minutes) }
        }
    }

    @Test
    fun thePeerDoesNotRead() = runTest {
        pool { sendTimeout = 3.seconds }.use { pool ->
            val lease = pool.borrow()
            peer.sending = FakeBehavior.Never
            assertExplained("the peer does not read", "Connection c1 to prices", "within 3s (sendTimeout)") { lease.send("hello") }
        }
    }

    @Test
    fun heDoesNotReadHimself() = runTest {
        pool { receiveBuffer = 2; fullReceiveBuffer = FullReceiveBuffer.FailLease }.use { pool ->
            val lease = pool.borrow()
            repeat(3) { peer.receives("$it") }
            assertExplained("2 messages were unread", "Connection c1 to prices", "(receiveBuffer)") { repeat(3) { lease.receive() } }
        }
    }

    @Test
    fun theConnectionThatHeWantsNeverComes() = runTest {
        pool().use { pool ->
            pool.borrow().release()
            assertExplained("asked for connection a1b2", "No connection to prices", "BorrowRequest.id, for which nothing is dialled") {
                pool.borrow(ConnectionId("a1b2"), 1.seconds)
            }
        }
    }

    @Test
    fun theOneThatServesHisKeyIsInUse() = runTest {
        val mine = BorrowRequest(1.seconds, affinity = AffinityKey("user-7", isHard = true))
        pool().use { pool ->
            val held = pool.borrow(mine)
            pool.borrow().release() // one is idle: not his
            assertExplained("the one that served his key", "No connection to prices", "(BorrowRequest.affinity)") { pool.borrow(mine) }
            held.release()
        }
    }
}
