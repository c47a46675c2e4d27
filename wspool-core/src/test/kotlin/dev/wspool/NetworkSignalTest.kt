package dev.wspool

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import java.io.IOException
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertSame
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** What a pool makes of its [NetworkSignal]. The rules one by one are in the machine's `SurroundingsTest`. */
@OptIn(ExperimentalCoroutinesApi::class)
class NetworkSignalTest {
    private val connector = echoing()
    private val phone = MutableStateFlow(NetworkState(isAvailable = true, networkId = "Wi-Fi"))
    private val lost = NetworkState(isAvailable = false)
    private val failing = NetworkSignal(phone, OnNetworkLoss.Fail)

    private fun TestScope.pool(signal: NetworkSignal = NetworkSignal(phone), configure: PoolConfig.Builder.() -> Unit = {}) =
        poolOf(connector) {
            network = signal
            configure()
        }

    @Test
    fun aPoolThatIsMadeWithoutANetworkDoesNotDialBeforeThereIsOne() = runTest {
        phone.value = lost
        val pool = pool { minIdle = 2 }
        runCurrent()
        assertEquals(0, connector.dialCount)
        phone.value = NetworkState(isAvailable = true)
        pool.awaitReady()
        assertEquals(2, connector.dialCount)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun callersWaitForTheNetworkAndAreServedOverIt() = runTest {
        val pool = pool()
        phone.value = lost
        runCurrent()
        assertNull(pool.tryBorrow())
        val caller = async { pool.withConnection { id.value } }
        runCurrent()
        assertEquals(0, connector.dialCount)
        phone.value = NetworkState(isAvailable = true, networkId = "cellular")
        assertEquals("c1", caller.await())
    }

    @Test
    fun whoWaitedInVainIsToldThatItWasTheNetwork() = runTest {
        val pool = pool()
        phone.value = lost
        runCurrent()
        val failure = assertFailsWith<BorrowTimeoutException> { pool.borrow(3.seconds) }
        assertEquals(
            "No connection to ws://fake within 3s: 0 of 10 leased (maxConnections), 0 connecting, 0 waiting. " +
                "Last connect failure: none. " +
                "Limited by the network: there is none, as the pool's NetworkSignal says, " +
                "and it dials and lends nothing until there is.",
            failure.message,
        )
        assertEquals("There is no network for ws://fake, as its NetworkSignal says", assertIs<NetworkLostException>(failure.cause).message)
        assertEquals(3_000, currentTime)
    }

    @Test
    fun callersFailAtOnceWhereTheyAreNotToWait() = runTest {
        val pool = pool(failing) { maxConnections = 1 }
        val held = pool.borrow()
        val waiting = async { assertFailsWith<NetworkLostException> { pool.borrow() } }
        runCurrent()
        phone.value = lost
        assertEquals(
            "No connection to ws://fake without a network: its NetworkSignal says that there is none, and that callers fail until " +
                "there is (onLoss)",
            waiting.await().message,
        )
        assertFailsWith<NetworkLostException> { pool.withConnection { } }
        assertEquals(0, currentTime)
        assertEquals(2, pool.stats.refused)
        held.send("what is leased is its holder's")
        assertEquals("what is leased is its holder's", held.receiveText())
        held.release()
        phone.value = NetworkState(isAvailable = true)
        runCurrent()
        assertEquals("c1", pool.withConnection { id.value })
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aLeaseOutlivesAChangeOfTheNetworkAndItsConnectionDoesNot() = runTest {
        val pool = pool()
        val lease = pool.borrow()
        phone.value = NetworkState(isAvailable = true, networkId = "cellular")
        runCurrent()
        assertEquals(2, connector.dialCount, "its successor is there")
        lease.send("still mine")
        assertEquals("still mine", lease.receiveText())
        lease.release()
        runCurrent()
        assertEquals(mapOf(DestroyReason.NetworkChanged to 1L), pool.stats.destroyed)
        assertEquals("c2", pool.withConnection { id.value })
        pool.assertNothingLeft(connector)
    }

    @Test
    fun whatDiedWithoutANetworkIsNotLent() = runTest {
        val pool = pool()
        pool.withConnection { }
        phone.value = lost
        runCurrent()
        connector.connections.single().answersPing = false
        phone.value = NetworkState(isAvailable = true, networkId = "Wi-Fi")
        assertEquals("c2", pool.withConnection { id.value })
        assertEquals(1_000, currentTime, "validateTimeout")
        assertEquals(mapOf(DestroyReason.PingTimeout to 1L), pool.stats.destroyed)
    }

    @Test
    fun aSuspendedPoolSaysThatTheAppIsInTheBackground() = runTest {
        val pool = pool(NetworkSignal(phone, inBackground = InBackground.Suspend))
        pool.withConnection { }
        phone.value = NetworkState(isAvailable = true, networkId = "Wi-Fi", isForeground = false)
        runCurrent()
        assertEquals(0, connector.openConnections)
        val failure = assertFailsWith<BorrowTimeoutException> { pool.borrow(1.seconds) }
        assertTrue(
            "Limited by the background: the app is there and the pool suspended (inBackground)" in
                failure.message!!,
            failure.message,
        )
        assertNull(failure.cause)
        phone.value = NetworkState(isAvailable = true, networkId = "Wi-Fi")
        assertEquals("c2", pool.withConnection { id.value })
    }

    @Test
    fun eachStateIsAnEvent() = runTest {
        val pool = pool()
        val events = ArrayList<String>()
        backgroundScope.launch { pool.events.collect { events += "$it" } }
        runCurrent()
        phone.value = lost
        runCurrent()
        pool.pause()
        pool.resume()
        phone.value = NetworkState(isAvailable = true, networkId = "cellular", isForeground = false)
        runCurrent()
        assertEquals(
            listOf(
                "ws://fake: no network, in the foreground",
                "ws://fake: paused",
                "ws://fake: resumed",
                "ws://fake: network cellular, in the background",
            ),
            events,
        )
    }

    @Test
    fun aSignalThatFailsCountsAsNoneAndIsTold() = runTest {
        val told = CompletableDeferred<Throwable>()
        val broken = IOException("no permission")
        val states: Flow<NetworkState> = flow {
            emit(lost)
            throw broken
        }
        val pool = pool(NetworkSignal(states)) { onBackgroundError { told.complete(it) } }
        assertSame(broken, told.await())
        assertEquals("c1", pool.withConnection { id.value })
        pool.assertNothingLeft(connector)
    }

    @Test
    fun theLastWordOfASignalThatCompletesHoldsOn() = runTest {
        val pool = pool(NetworkSignal(flowOf(lost), OnNetworkLoss.Fail))
        assertFailsWith<NetworkLostException> { pool.borrow() }
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aPoolThatHasEndedListensNoMore() = runTest {
        val pool = pool()
        runCurrent()
        assertEquals(1, phone.subscriptionCount.value)
        pool.assertNothingLeft(connector)
        assertEquals(0, phone.subscriptionCount.value)
    }

    @Test
    fun theSignalOfAPoolIsFixed() = runTest {
        val pool = pool()
        val failure = assertFailsWith<IllegalArgumentException> { pool.reconfigure { network = failing } }
        assertEquals("network cannot be changed while the pool runs", failure.message)
        pool.reconfigure { maxConnections = 1 }
        pool.assertNothingLeft(connector)
    }

    @Test
    fun statesThatSayTheSameAreEqual() {
        assertEquals(NetworkState(true, "1", false), NetworkState(true, "1", false))
        assertEquals(3, setOf(NetworkState(true, "1"), NetworkState(true, "2"), NetworkState(false, "1"), NetworkState(true, "1")).size)
    }
}
