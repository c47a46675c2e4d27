package dev.wspool

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** What a borrower is promised by a group. */
@OptIn(ExperimentalCoroutinesApi::class)
class GroupBorrowTest : GroupScene() {
    @Test
    fun aHardKeyIsServedByNoOtherConnectionWhileItsOwnLives() = play {
        val group = open("a", "b") { balancer = Balancer.RoundRobin }
        val key = AffinityKey("session", isHard = true)
        val first = group.withConnection(key) { id }
        group.ask("another")
        runCurrent()
        val ids = List(6) { group.withConnection(key) { id } }
        assertEquals(setOf(first), ids.toSet())
    }

    @Test
    fun statsCountEachLease() = play {
        val group = open("a")
        group.ask("x")
        assertNotNull(group.tryBorrow()).release()
        assertEquals(2, group.stats.borrows)
    }

    @Test
    fun borrowsAnIdWaitsForIt() = play {
        val group = open("a", "b") { balancer = Balancer.RoundRobin }
        repeat(4) {
            group.ask("$it")
            runCurrent()
        }
        val one = group.borrow()
        val waiting = async { group.borrow(BorrowRequest(id = one.id)) }
        runCurrent()
        one.release()
        assertEquals(one.id, waiting.await().id)
    }

    @Test
    fun settingsOfPoolsThatDoNothingInAGroupAreRefused() = play {
        val waiting = assertFailsWith<IllegalArgumentException> { open("a") { pools { maxWaiting = 0 } } }
        assertEquals("maxWaiting cannot be set in pools: callers wait in the group", waiting.message)
        val timeout = assertFailsWith<IllegalArgumentException> { open("a") { each { borrowTimeout = 1.seconds } } }
        assertEquals("borrowTimeout cannot be set in pools: callers wait in the group", timeout.message)
    }

    @Test
    fun aDrainServesWhoWaitsAndHoldsUpNobody() = play {
        val group = open("a", "b") { pools { maxConnections = 1 } }
        val held = List(2) { group.borrow() }
        val waiting = async { group.ask("waiting") }
        runCurrent()
        val drained = async { group.drain(10.seconds) }
        runCurrent()
        held.forEach { it.release() }
        assertEquals("waiting", waiting.await())
        drained.await()
        assertEquals(0, connector.openConnections)
        assertFalse(group.stats.endpoints.isNotEmpty())
    }

    @Test
    fun aNegativeTimeoutIsRefused() = play {
        val group = open("a")
        assertFailsWith<IllegalArgumentException> { group.borrow((-1).seconds) }
    }

    @Test
    fun joinedComesBeforeItsFirstConnection() = play {
        val told = MutableStateFlow(emptySet<Endpoint>())
        val group = PoolGroup(connector, Discovery.of(told)) {
            virtual(this@play)
            pools { minIdle = 1 }
        }.kept()
        val events = ArrayList<PoolEvent>()
        backgroundScope.launch { group.events.collect(events::add) }
        runCurrent()
        told.value = setOf(Endpoint("ws://a"))
        runCurrent()
        assertTrue(events.first() is PoolEvent.EndpointJoined, "$events")
        told.value = emptySet()
        runCurrent()
        assertTrue(events.last() is PoolEvent.EndpointLeft, "$events")
    }

    @Test
    fun anEndpointThatIsTakenAwayAndComesBackAtOnceServes() = play {
        val a = Endpoint("ws://a")
        val told = MutableStateFlow(setOf(a))
        val group = PoolGroup(connector, Discovery.of(told)) { virtual(this@play) }.kept()
        val held = group.borrow()
        repeat(20) {
            told.value = emptySet()
            runCurrent()
            told.value = setOf(a)
            runCurrent()
        }
        group.ask("hello")
        held.release()
        runCurrent()
        assertEquals(1, group.stats.endpoints.size, "${group.stats}")
        group.assertSound()
    }

    @Test
    fun aMalformedOrEqualBalancerIndexIsNoHarm() = play {
        var index = -1
        val group = open("a", "b") { balancer = Balancer { index++ } }
        repeat(6) { group.ask("$it") }
        assertEquals(6, group.stats.borrows)
        group.assertSound()
    }
}
