package dev.wspool

import dev.wspool.test.FakeBehavior
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** Who gets how much of what a group may have, and in which order. */
@OptIn(ExperimentalCoroutinesApi::class)
class GroupShareTest : GroupScene() {
    @Test
    fun aNewEndpointIsConnectedToThoughAllConnectionsLieIdleElsewhere() = play {
        val told = MutableStateFlow(setOf(Endpoint("ws://a")))
        val group = PoolGroup(connector, Discovery.of(told)) {
            virtual(this@play)
            maxConnections = 4
            pools { minIdle = 1 }
        }.kept()
        List(4) { group.borrow() }.forEach { it.release() }
        told.value += Endpoint("ws://b")
        advanceTimeBy(1.minutes)
        assertEquals(1, group.of("b").pool.total, "minIdle = 1: ${group.stats}")
    }

    @Test
    fun aNewEndpointTakesItsShareOfTheLoad() = play {
        val told = MutableStateFlow(setOf(Endpoint("ws://a")))
        val group = PoolGroup(connector, Discovery.of(told)) {
            virtual(this@play)
            maxConnections = 4
        }.kept()
        List(4) { group.borrow() }.forEach { it.release() }
        told.value += Endpoint("ws://b")
        repeat(100) {
            val two = List(2) { group.borrow() }
            advanceTimeBy(1.seconds)
            two.forEach { it.release() }
        }
        assertTrue(group.of("b").pool.borrows > 0, "${group.stats}")
    }

    @Test
    fun oneCallerAtATimeIsSpreadOverTheEndpoints() = play {
        val group = open("a", "b", "c")
        repeat(90) {
            group.ask("$it")
            advanceTimeBy(1.milliseconds)
        }
        assertTrue(group.stats.endpoints.all { it.pool.borrows >= 10 }, "LeastLeased: ${group.stats}")
    }

    @Test
    fun oweIsBounded() = play {
        var now = true
        val group = open("a", "b") {
            maxConcurrentConnects = 1
            balancer = Balancer.RoundRobin
        }
        group.ask("first")
        val endless = launch { runCatching { group.borrow(BorrowRequest(isFresh = true)) } }
        connector.onDial = { if (now) delay(1.seconds) }
        runCurrent()
        repeat(100) { group.ask("$it") }
        now = false
        advanceTimeBy(60.seconds)
        endless.cancel()
        assertTrue(connector.dialCount <= 4, "one or two callers at a time had ${connector.dialCount} connections dialled: ${group.stats}")
    }

    @Test
    fun aFleetChangeKeepsToMaxConnectsPerSecond() = play {
        connector.onDial = { delay(1.milliseconds) }
        val told = MutableStateFlow(emptySet<Endpoint>())
        val group = PoolGroup(connector, Discovery.of(told)) {
            virtual(this@play)
            maxConnectsPerSecond = 2.0
            pools { minIdle = 1 }
        }.kept()
        told.value = (1..40).map { Endpoint("ws://e$it") }.toSet()
        advanceTimeBy(1.seconds)
        assertTrue(connector.dialCount <= 4, "${connector.dialCount} dials within a second, 2 are allowed")
        group.assertSound()
    }

    @Test
    fun aFreshConnectionIsHadWhereAllAreIdle() = play {
        val group = open("a") { pools { maxConnections = 1 } }
        group.ask("used")
        val got = runCatching { group.borrow(BorrowRequest(isFresh = true)) }
        assertTrue(got.isSuccess, "${got.exceptionOrNull()}")
    }

    @Test
    fun aFreshOneIsMadeRoomForWhereThePoolIsFull() = play {
        val group = keyed { pools { maxConnections = 1 } }
        group.withConnection("a") { }
        val got = runCatching { group.borrow("a", BorrowRequest(isFresh = true)) }
        assertTrue(got.isSuccess, "${got.exceptionOrNull()}")
    }

    @Test
    fun whoNeedsALongLifeIsDialledWhereThereIsOne() = play {
        val group = open("a", "b") {
            balancer = Balancer { 0 }
            each { if (it.host == "a") maxLifetime = 10.seconds }
        }
        group.borrow(BorrowRequest(minRemainingLifetime = 1.minutes)).release()
        assertEquals(listOf("b"), connector.hosts())
    }

    @Test
    fun aConnectionTooShortLivedForTheCallerIsNotDialledForEver() = play {
        val group = keyed {
            each { maxLifetime = 10.seconds }
            borrowTimeout = 5.seconds
        }
        runCatching { group.borrow("a", BorrowRequest(minRemainingLifetime = 1.minutes)) }
        assertTrue(connector.dialCount <= 2, "${connector.dialCount} dials for one caller in 5 s")
    }

    @Test
    fun whoWaitsForAConnectionOfItsOwnFullKeyCostsOtherKeysNothing() = play {
        val group = keyed {
            maxConnections = 3
            pools { maxConnections = 1 }
        }
        group.withConnection("x") { }
        group.withConnection("y") { }
        val a = group.borrow("a")
        val waiting = async { group.borrow("a") }
        runCurrent()
        assertEquals(3, group.stats.total, "idle connections were closed for somebody who cannot have more: ${group.stats}")
        a.release()
        waiting.await().release()
    }

    @Test
    fun dialsAreMadeInTheOrderOfWaiting() = play {
        val group = keyed {
            maxConnectsPerSecond = 1.0
            borrowTimeout = 60.seconds
        }
        val first = group.borrow("a")
        val order = ArrayList<String>()
        val z = async { group.borrow("z").also { order += "z" } }
        runCurrent()
        val more = List(5) { async { group.borrow("a").also { order += "a" } } }
        advanceTimeBy(20.seconds)
        assertEquals("z", order.first(), "$order")
        first.release()
        (more + z).forEach { it.await().release() }
    }

    @Test
    fun ofOneDialAtATimeTheNextIsForWhoHasWaitedLongest() = play {
        connector.connecting = FakeBehavior.Slow(100.milliseconds)
        val group = keyed {
            maxConcurrentConnects = 1
            borrowTimeout = 60.seconds
        }
        val order = ArrayList<String>()
        group.withConnection("a") { }
        val held = group.borrow("a")
        val leases = listOf("a", "z", "a", "a", "a").map { key ->
            async { group.borrow(key).also { order += key } }.also { runCurrent() }
        }
        leases.forEach { it.await() }
        assertEquals(listOf("a", "z", "a", "a", "a"), order)
        held.release()
    }

    @Test
    fun minIdleOfOthersDoesNotChurn() = play {
        val group = keyed {
            maxConnections = 2
            pools { minIdle = 1 }
        }
        group.withConnection("a") { }
        group.withConnection("b") { }
        group.withConnection("c") { }
        advanceTimeBy(1.seconds)
        val dials = connector.dialCount
        advanceTimeBy(10.seconds)
        assertEquals(dials, connector.dialCount, "nobody asks for more: ${group.stats}")
    }

    @Test
    fun aLoneCallerHasNoMoreConnectionsDialledThanHeNeeds() = play {
        val group = open("a", "b") {
            balancer = Balancer.RoundRobin
            maxConnectsPerSecond = 1.0
        }
        repeat(100) { group.ask("$it") }
        advanceTimeBy(60.seconds)
        assertTrue(connector.dialCount <= 3, "one caller at a time had ${connector.dialCount} connections dialled")
    }
}
