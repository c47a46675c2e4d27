package dev.wspool

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.Test
import java.io.IOException
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** What keys have to do with each other: nothing. */
@OptIn(ExperimentalCoroutinesApi::class)
class KeyedGroupTenantsTest : GroupScene() {
    @Test
    fun aKeyThatSomebodyWaitsForIsNotThrownOutForAnother() = play {
        val group = keyed {
            maxConnections = 1
            maxPools = 2
        }
        val a = group.borrow("a")
        val waiting = async { runCatching { group.borrow("b") } }
        runCurrent()
        val other = launch { runCatching { group.borrow("c", BorrowRequest(1.milliseconds)) } }
        runCurrent()
        other.join()
        a.release()
        runCurrent()
        assertTrue(waiting.isCompleted, "the one connection is free, and b waits on: ${group.stats}")
        waiting.await().getOrThrow().release()
    }

    @Test
    fun aWaiterOutlivesMaxEmptyTime() = play {
        val group = keyed {
            maxConnections = 1
            maxEmptyTime = 2.seconds
        }
        val a = group.borrow("a")
        val waiting = async { runCatching { group.borrow("b", BorrowRequest(1.minutes)) } }
        advanceTimeBy(10.seconds)
        a.release()
        advanceTimeBy(10.seconds)
        assertTrue(waiting.isCompleted, "${group.stats}")
    }

    @Test
    fun aKeysFailureIsItsOwn() = play {
        connector.onDial = { throw ConnectFailedException("secret business of ${it.endpoint.host}", isPermanent = true) }
        val group = keyed()
        assertContains(runCatching { group.borrow("a") }.exceptionOrNull()!!.message!!, "business of a")
        assertContains(runCatching { group.borrow("b") }.exceptionOrNull()!!.message!!, "business of b")
    }

    @Test
    fun aTimeoutNamesTheKeysOwnEndpoint() = play {
        val group = keyed { pools { maxConnections = 1 } }
        val leases = List(12) { group.borrow("key$it") }
        val message = assertFailsWith<BorrowTimeoutException> { group.borrow("key11") }.message!!
        assertContains(message, "ws://key11")
        assertFalse("ws://key0 " in message, "other tenants are none of his business: $message")
        leases.forEach { it.release() }
    }

    @Test
    fun twoDeadTenantsDoNotHoldUpTheOthers() = play {
        connector.onDial = { if (it.endpoint.host.startsWith("dead")) awaitCancellation() }
        val group = keyed()
        val lost = List(8) { n -> launch { runCatching { group.borrow("dead${n % 2}") } } }
        runCurrent()
        val got = runCatching { group.withConnection("good") { } }
        assertTrue(got.isSuccess, "${got.exceptionOrNull()}")
        lost.forEach { it.cancel() }
    }

    @Test
    fun aDeadTenantCostsTheGroupNotItsHealth() = play {
        connector.onDial = { if (it.endpoint.host == "dead") throw IOException("refused") }
        val group = keyed()
        group.withConnection("good") { }
        runCatching { group.borrow("dead") }
        assertEquals(PoolHealth.Status.Degraded, group.health().status)
    }

    @Test
    fun aGroupOfNoKeyYetIsHealthy() = play {
        val group = keyed()
        assertEquals(PoolHealth.Status.Up, group.health().status, "${group.health().reasons}")
    }

    @Test
    fun joinedIsToldOfEachKey() = play {
        val events = ArrayList<PoolEvent>()
        val group = keyed { maxEmptyTime = 1.seconds }
        backgroundScope.launch { group.events.collect(events::add) }
        runCurrent()
        val lease = group.borrow("a")
        runCurrent()
        assertTrue(events.any { it is PoolEvent.EndpointJoined }, "$events")
        lease.release()
    }

    @Test
    fun tryBorrowIsAUseAndIsCounted() = play {
        val group = keyed { maxConnections = 2 }
        group.withConnection("used") { }
        group.withConnection("cold") { }
        repeat(5) { assertNotNull(group.tryBorrow("used")).release() }
        val stats = group.stats
        assertEquals(stats.endpoints.sumOf { it.pool.borrows }, stats.borrows, "leases handed out: $stats")
    }

    @Test
    fun tryBorrowKeepsAKeyWarm() = play {
        val group = keyed { maxConnections = 2 }
        group.withConnection("used") { }
        group.withConnection("cold") { }
        repeat(5) { assertNotNull(group.tryBorrow("used")).release() }
        group.withConnection("new") { }
        runCurrent()
        assertEquals(1, group.stats.endpoints.first { "used" in it.address }.pool.total, "${group.stats}")
    }

    @Test
    fun onBorrowOfOneKeyIsNotPassedByTryBorrow() = play {
        val other = keyed { each { onBorrow { true } } }
        other.withConnection("a") { }
        assertFailsWith<UnsupportedOperationException> { other.tryBorrow("a") }
    }
}
