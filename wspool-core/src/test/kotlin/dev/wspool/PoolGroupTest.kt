package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import java.io.IOException
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A group of endpoints, as its callers meet it. */
@OptIn(ExperimentalCoroutinesApi::class)
class PoolGroupTest {
    private val connector = echoing()

    private fun FakeConnector.hosts(): List<String> = dials.map { it.endpoint.host }

    /** Connections of a group are numbered as it dials. */
    private fun hostOf(id: ConnectionId): String = connector.dials["$id".drop(1).toInt() - 1].endpoint.host

    /** Dials to [hosts] fail. */
    private fun FakeConnector.refuse(vararg hosts: String) {
        onDial = { dial -> if (dial.endpoint.host in hosts) throw IOException("refused") }
    }

    private suspend fun PoolGroup.ask(text: String): String = withConnection {
        send(text)
        receiveText()
    }

    @Test
    fun itLendsAndKeepsConnectionsOfAllItsEndpoints() = runTest {
        val group = groupOf(connector, "a", "b", "c") { balancer = Balancer.RoundRobin }
        repeat(9) {
            assertEquals("hello $it", group.ask("hello $it"))
            runCurrent() // the one that was chosen connects
        }
        assertEquals(setOf("a", "b", "c"), connector.hosts().toSet())
        assertEquals(listOf(9L, 9L), group.stats.run { listOf(borrows, endpoints.sumOf { it.pool.borrows }) })
        assertTrue(group.stats.endpoints.all { it.pool.borrows >= 2 }, "${group.stats}")
        assertEquals(PoolHealth.Status.Up, group.health().status)
        group.assertSound()
        group.drain(1.seconds)
        assertEquals(0, connector.openConnections)
        assertFailsWith<PoolClosedException> { group.borrow() }
    }

    @Test
    fun whoWaitsIsServedByWhicheverIsFreeFirst() = runTest {
        val group = groupOf(connector, "a", "b") { pools { maxConnections = 1 } }
        val first = group.borrow()
        val second = group.borrow()
        val ann = async { group.borrow() }
        runCurrent()
        val bob = async { group.borrow() }
        runCurrent()
        assertEquals(2, group.stats.waiting)
        second.release()
        assertEquals(second.id, ann.await().id)
        first.release()
        assertEquals(first.id, bob.await().id)
        group.close()
    }

    @Test
    fun anEndpointThatIsDownFailsNobody() = runTest {
        connector.refuse("a")
        val group = groupOf(connector, "a", "b")
        repeat(20) { assertEquals("$it", group.ask("$it")) }
        assertEquals(0, group.stats.timedOut + group.stats.refused)
        group.close()
    }

    @Test
    fun anEndpointThatDoesNotAnswerFailsNobody() = runTest {
        connector.onDial = { if (it.endpoint.host == "a") awaitForEver() }
        val group = groupOf(connector, "a", "b") { balancer = Balancer { 0 } }
        assertEquals("hello", group.ask("hello"))
        assertEquals(listOf("a", "b"), connector.hosts())
        group.close()
    }

    private suspend fun awaitForEver(): Nothing = kotlinx.coroutines.awaitCancellation()

    @Test
    fun anEndpointThatFailsTooOftenIsTakenOutAndComesBack() = runTest {
        val events = ArrayList<PoolEvent>()
        connector.refuse("a")
        val group = groupOf(connector, "a", "b") { ejection = Ejection(failures = 3, firstTime = 10.seconds) }
        backgroundScope.launch { group.events.collect(events::add) }
        runCurrent()
        group.ask("hello")
        advanceTimeBy(2.seconds)
        assertEquals(EndpointState.Ejected, group.stats.endpoints.first { "a" in it.address }.state, "${group.stats}")
        assertEquals(1, group.stats.ejections)
        assertEquals(PoolHealth.Status.Degraded, group.health().status)
        val dials = connector.dialCount
        advanceTimeBy(5.seconds)
        assertEquals(dials, connector.dialCount, "it is left alone")
        connector.onDial = {}
        advanceTimeBy(15.seconds)
        assertEquals(EndpointState.Serving, group.stats.endpoints.first { "a" in it.address }.state)
        assertEquals(
            listOf("group: ws://a is out of service for 10s", "group: ws://a is being probed", "group: ws://a serves again"),
            events.filter { it.pool == "group" }.map { "$it" },
        )
        group.close()
    }

    @Test
    fun whatIsDiscoveredIsLentAndWhatIsGoneIsDrained() = runTest {
        val endpoints = MutableStateFlow(setOf(Endpoint("ws://a")))
        val group = PoolGroup(connector, Discovery.of(endpoints)) { virtual(this@runTest) }
        val lease = group.borrow()
        endpoints.value = setOf(Endpoint("ws://b"))
        runCurrent()
        assertEquals(listOf(EndpointState.Leaving, EndpointState.Serving), group.stats.endpoints.map { it.state })
        group.ask("to b")
        assertEquals(listOf("a", "b"), connector.hosts())
        lease.release()
        runCurrent()
        assertEquals(listOf("ws://b"), group.stats.endpoints.map { it.address })
        assertEquals(1, connector.openConnections)
        endpoints.value = emptySet()
        runCurrent()
        assertContains(assertFailsWith<BorrowTimeoutException> { group.borrow(1.seconds) }.message!!, "it has no endpoint")
        group.drain(1.seconds)
    }

    @Test
    fun oneKeyHasOneEndpointByConsistentHash() = runTest {
        val group = groupOf(connector, "a", "b", "c") { balancer = Balancer.ConsistentHash }
        val hosts = (1..30).associateWith { key ->
            List(3) { group.withConnection(AffinityKey("user $key")) { hostOf(id) } }.distinct()
        }
        assertTrue(hosts.values.all { it.size == 1 }, "$hosts")
        assertEquals(setOf("a", "b", "c"), hosts.values.flatten().toSet())
        group.close()
    }

    @Test
    fun aBorrowThatTimesOutSaysWhatLimits() = runTest {
        val group = groupOf(connector, "a", "b") {
            name = "prices"
            maxConnections = 1
        }
        val lease = group.borrow()
        val failure = assertFailsWith<BorrowTimeoutException> { group.borrow(2.seconds) }
        assertContains(failure.message!!, "No connection of the group prices within 2s: 1 of 1 connections (maxConnections), 0 waiting; ")
        lease.release()
        group.close()
    }

    @Test
    fun whereAllFailForGoodThatIsTold() = runTest {
        connector.onDial = { throw UpgradeRefusedException(401) }
        val group = groupOf(connector, "a", "b")
        assertIs<ConnectFailedException>(runCatching { group.borrow() }.exceptionOrNull())
        group.close()
    }

    private fun UpgradeRefusedException(status: Int) = ConnectFailedException("status $status", isPermanent = true)

    @Test
    fun aCancelledBorrowLeavesNothing() = runTest {
        val group = groupOf(connector, "a") { pools { maxConnections = 1 } }
        val lease = group.borrow()
        val ann = launch { group.borrow() }
        runCurrent()
        ann.cancelAndJoin()
        assertEquals(listOf(0, 1), group.stats.run { listOf(waiting, cancelled.toInt()) })
        lease.release()
        assertFalse(group.tryBorrow() == null)
        assertNull(group.tryBorrow())
        group.close()
        group.awaitClosed()
    }

    @Test
    fun theUsersOwnBalancerIsAskedOutsideOfTheTurn() = runTest {
        lateinit var group: PoolGroup
        group = groupOf(connector, "a", "b") {
            balancer = Balancer { choice ->
                group.stats // would wait for its own turn
                choice.endpoints.indexOfFirst { it.endpoint.host == "b" }
            }
        }
        group.ask("hello")
        assertEquals(listOf("b"), connector.hosts())
        group.close()
    }

    @Test
    fun aBalancerThatThrowsCostsNobodyHisConnection() = runTest {
        val told = ArrayList<Throwable>()
        val group = groupOf(connector, "a", "b") {
            balancer = Balancer { error("no idea") }
            pools { onBackgroundError { told += it } }
        }
        assertEquals("hello", group.ask("hello"))
        runCurrent()
        assertEquals(listOf("no idea"), told.map { it.message })
        group.close()
    }

    @Test
    fun onBorrowIsAskedAndWhatItRefusesIsClosed() = runTest {
        var asked = 0
        val group = groupOf(connector, "a") { pools { onBorrow { asked++ > 0 } } }
        group.ask("hello")
        assertEquals(2, asked)
        assertEquals(listOf(2L, 1L), group.stats.endpoints.single().pool.run { listOf(created, destroyed[DestroyReason.Rejected]) })
        group.close()
    }

    @Test
    fun settingsThatMakeNoSenseAreRefusedByName() = runTest {
        fun TestScope.refused(configure: GroupConfig.Builder.() -> Unit): String =
            assertFailsWith<IllegalArgumentException> { groupOf(connector, "a", configure = configure) }.message!!
        assertEquals("maxConnections must be at least 1, not 0", refused { maxConnections = 0 })
        assertEquals("connectPatience must be positive, not 0s", refused { connectPatience = 0.milliseconds })
        assertContains(refused { pools { adaptiveCapacity = AdaptiveCapacity(1, 2) } }, "adaptiveCapacity cannot be set here")
        assertContains(refused { each { maxMessageSize = 5 } }, "each cannot set what all pools of a group share; set it in pools: ")
        val ejection = assertFailsWith<IllegalArgumentException> { Ejection(longestTime = 5.seconds) }
        assertEquals("firstTime (10s) must not exceed longestTime (5s)", ejection.message)
    }

    @Test
    fun aBehaviourOfTheFakeThatRefusesIsACauseInTheEnd() = runTest {
        connector.connecting = FakeBehavior.Fails { ConnectRefusedException("refused") }
        val group = groupOf(connector, "a") { borrowTimeout = 1.seconds }
        assertIs<ConnectRefusedException>(assertFailsWith<BorrowTimeoutException> { group.borrow() }.cause)
        group.close()
    }
}
