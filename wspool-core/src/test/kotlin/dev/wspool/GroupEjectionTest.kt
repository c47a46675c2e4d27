package dev.wspool

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.Test
import java.io.IOException
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Endpoints that fail too often, and how they come back. */
@OptIn(ExperimentalCoroutinesApi::class)
class GroupEjectionTest : GroupScene() {
    @Test
    fun ejectionOfTheSlowestLeavesHalf() = play {
        connector.onDial = { throw IOException("refused") }
        val group = open("a", "b", "c", "d", "e") { ejection = Ejection(failures = 1, firstTime = 5.seconds) }
        repeat(50) {
            runCatching { group.borrow(100.milliseconds) }
            group.assertSound()
            assertTrue(group.stats.endpoints.count { it.state != EndpointState.Serving } <= 2)
        }
        connector.onDial = {}
        group.ask("again")
    }

    @Test
    fun anEjectedEndpointIsProbedThoughNobodyWaits() = play {
        val group = open("a", "b") {
            pools { minIdle = 2 }
            ejection = Ejection(failures = 1, firstTime = 10.seconds)
        }
        advanceTimeBy(100.milliseconds)
        connector.trouble("a")
        runCurrent()
        assertEquals(EndpointState.Ejected, group.of("a").state, "${group.stats}")
        repeat(600) {
            group.ask("$it") // each at once, by b
            advanceTimeBy(1.seconds)
        }
        assertEquals(EndpointState.Serving, group.of("a").state, "it was well all the 600 s: ${group.stats}")
    }

    @Test
    fun aSecondEjectionEndsToo() = play {
        connector.onDial = { if (it.endpoint.host == "a") throw IOException("refused") }
        val group = open("a", "b") {
            ejection = Ejection(failures = 2, firstTime = 3.seconds, longestTime = 6.seconds)
        }
        repeat(30) {
            group.ask("$it")
            advanceTimeBy(1.seconds)
        }
        connector.onDial = {}
        val then = group.of("a").state
        repeat(300) {
            group.ask("$it")
            advanceTimeBy(1.seconds)
        }
        assertEquals(EndpointState.Serving, group.of("a").state, "$then before; well for 300 s: ${group.stats}")
    }

    @Test
    fun anEjectedEndpointIsProbedThoughTheOthersHaveTakenAllConnections() = play {
        connector.onDial = { if (it.endpoint.host == "a") throw IOException("refused") }
        val group = open("a", "b") {
            maxConnections = 3
            ejection = Ejection(failures = 1, firstTime = 1.seconds, longestTime = 2.seconds)
        }
        val held = List(3) { group.borrow() }
        assertEquals(EndpointState.Ejected, group.of("a").state)
        connector.onDial = {}
        held.forEach { it.release() }
        repeat(60) {
            val four = List(4) { async { group.withConnection { delay(10.milliseconds) } } } // one has to wait
            four.forEach { it.await() }
            advanceTimeBy(1.seconds)
        }
        assertEquals(EndpointState.Serving, group.of("a").state, "a is well for 60 s: ${group.stats}")
    }

    @Test
    fun aProbeIsOneDialAlsoWhereMinIdleWantsMore() = play {
        val group = open("a", "b") {
            pools { minIdle = 4 }
            ejection = Ejection(failures = 1, firstTime = 10.seconds)
        }
        advanceTimeBy(100.milliseconds)
        val before = connector.dialCount
        connector.onDial = { if (it.endpoint.host == "a") awaitCancellation() }
        connector.trouble("a")
        runCatching { group.borrow(BorrowRequest(11.seconds, id = ConnectionId("c999"))) } // wakes the group
        assertEquals(EndpointState.Probing, group.of("a").state, "${group.stats}")
        assertEquals(before + 1, connector.dialCount, "${group.stats}")
    }

    @Test
    fun halfOpenIsOneDialAfterConnectionsThatFellSilent() = play {
        val group = open("a", "b") {
            pools {
                minIdle = 4
                pingInterval = 1.seconds
                pongTimeout = 1.seconds
            }
            ejection = Ejection(failures = 1, firstTime = 10.seconds)
        }
        runCurrent()
        advanceTimeBy(100.milliseconds)
        connector.onDial = { if (it.endpoint.host == "a") awaitCancellation() }
        connector.trouble("a")
        runCurrent()
        assertEquals(EndpointState.Ejected, group.of("a").state, "${group.stats}")
        val before = connector.hosts().count { it == "a" }
        advanceTimeBy(12.seconds)
        assertEquals(EndpointState.Probing, group.of("a").state, "${group.stats}")
        assertEquals(before + 1, connector.hosts().count { it == "a" }, "${group.stats}")
    }

    @Test
    fun ofLeavingEndpointsNoProbeIsTold() = play {
        val told = MutableStateFlow(setOf(Endpoint("ws://a"), Endpoint("ws://b")))
        val group = PoolGroup(connector, Discovery.of(told)) {
            virtual(this@play)
            ejection = Ejection(failures = 1, firstTime = 5.seconds)
            pools { minIdle = 1 }
            removalTimeout = 60.seconds
        }.kept()
        val events = ArrayList<PoolEvent>()
        backgroundScope.launch { group.events.collect(events::add) }
        runCurrent()
        val leases = List(4) { group.borrow() }
        told.value = setOf(Endpoint("ws://b"), Endpoint("ws://c"))
        runCurrent()
        connector.connections.zip(connector.dials).filter { (_, dial) -> dial.endpoint.host == "a" }.first().first.closes(1011, "trouble")
        advanceTimeBy(1.seconds)
        assertTrue(events.none { it is PoolEvent.EndpointEjected }, "$events")
        leases.forEach { it.release() }
    }

    @Test
    fun aKeyWhoseConnectionIsWithAnEjectedEndpointIsServedByAnother() = play {
        connector.onDial = { if (it.endpoint.host == "a" && connector.dialCount > 1) throw IOException("refused") }
        val group = open("a", "b") {
            balancer = Balancer { 0 }
            ejection = Ejection(failures = 1, firstTime = 10.seconds)
        }
        val key = AffinityKey("user")
        assertEquals("a", group.withConnection(key) { hostOf(id) })
        group.borrow(BorrowRequest(isFresh = true)).release()
        assertEquals(EndpointState.Ejected, group.of("a").state, "its second dial failed")
        assertEquals("b", group.withConnection(key) { hostOf(id) })
        group.assertSound()
    }
}
