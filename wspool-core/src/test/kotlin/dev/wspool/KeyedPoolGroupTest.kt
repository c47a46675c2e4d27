package dev.wspool

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** A pool for each key. */
@OptIn(ExperimentalCoroutinesApi::class)
class KeyedPoolGroupTest {
    private val connector = echoing()

    private fun TestScope.groupOf(configure: GroupConfig.Builder.() -> Unit = {}): KeyedPoolGroup<String> =
        KeyedPoolGroup(connector, { key: String -> Endpoint("ws://$key") }) {
            virtual(this@groupOf)
            configure()
        }

    @Test
    fun eachKeyHasItsOwnConnections() = runTest {
        val group = groupOf { each { endpoint -> maxConnections = if (endpoint.host == "big") 5 else 1 } }
        val ids = listOf("a", "b", "a", "b").map { key -> group.withConnection(key) { id } }
        assertEquals(listOf(ids[0], ids[1]), ids.drop(2))
        assertEquals(listOf("a", "b"), connector.dials.map { it.endpoint.host })
        assertEquals(setOf("a", "b"), group.keys)
        assertEquals(5, group.withConnection("big") { group.stats.endpoints.first { "big" in it.address }.pool.maxConnections })
        assertNotNull(group.tryBorrow("a"))
        assertNull(group.tryBorrow("none"))
        group.close()
        group.awaitClosed()
        assertEquals(0, connector.openConnections)
    }

    @Test
    fun itIsUpBeforeItIsAskedForAnyKey() = runTest {
        val group = groupOf()
        assertEquals(PoolHealth.Status.Up, group.health().status)
        group.close()
        assertEquals(PoolHealth.Status.Down, group.health().status)
    }

    @Test
    fun whereAllAreTakenAnIdleOneOfTheColdestKeyGoes() = runTest {
        val group = groupOf { maxConnections = 2 }
        group.withConnection("cold") { }
        group.withConnection("warm") { }
        group.withConnection("new") { }
        runCurrent()
        val totals = group.stats.endpoints.associate { it.address to it.pool.total }
        assertEquals(mapOf("ws://cold" to 0, "ws://warm" to 1, "ws://new" to 1), totals)
        assertEquals(2, connector.mostAtOnce)
        group.assertSound()
        group.close()
    }

    @Test
    fun aKeyThatHoldsNothingIsForgotten() = runTest {
        val group = groupOf { pools { maxIdleTime = 10.seconds } }
        group.withConnection("a") { }
        advanceTimeBy(1.minutes)
        assertEquals(setOf("a"), group.keys)
        advanceTimeBy(1.minutes)
        assertEquals(emptySet(), group.keys)
        group.withConnection("a") { }
        assertEquals(2, connector.dialCount)
        group.close()
    }

    @Test
    fun forOneKeyTooManyTheColdestGoesThatIsNotInUse() = runTest {
        val group = groupOf { maxPools = 2 }
        val lease = group.borrow("used")
        group.withConnection("cold") { }
        group.withConnection("new") { }
        runCurrent()
        assertEquals(setOf("used", "new"), group.keys)
        val other = group.borrow("new")
        assertEquals(
            "No pool for one more key in the group group: 2 are in use (maxPools)",
            assertFailsWith<TooManyWaitersException> { group.borrow("more") }.message,
        )
        lease.release()
        other.release()
        group.close()
    }

    @Test
    fun whoWaitsForOneKeyIsServedByNoOther() = runTest {
        val group = groupOf { pools { maxConnections = 1 } }
        val a = group.borrow("a")
        val b = group.borrow("b")
        val waiting = async { group.borrow("a") }
        runCurrent()
        b.release()
        runCurrent()
        assertEquals(1, group.stats.waiting)
        a.release()
        assertEquals(a.id, waiting.await().id)
        group.close()
    }
}
