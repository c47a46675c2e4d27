package dev.wspool

import dev.wspool.internal.group.GroupRoom
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import java.io.IOException
import kotlin.random.Random
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** What is wanted of a group as a whole, as its user says it. */
@OptIn(ExperimentalCoroutinesApi::class)
class PoolGroupCommandsTest {
    private val connector = echoing()

    @Test
    fun aPauseIsToldAndHoldsCallersUp() = runTest {
        val events = ArrayList<PoolEvent>()
        val group = groupOf(connector, "a", "b")
        backgroundScope.launch { group.events.collect(events::add) }
        runCurrent()
        group.pause()
        val ann = async { group.borrow() }
        runCurrent()
        assertEquals(0, connector.dialCount)
        assertNull(group.tryBorrow())
        assertEquals(PoolHealth.Status.Down, group.health().status)
        group.resume()
        ann.await().release()
        group.drain(1.seconds)
        assertEquals(
            listOf("group: paused", "group: resumed", "group: draining", "group: ended"),
            events.filter { it is PoolEvent.Paused || it is PoolEvent.Resumed || it is PoolEvent.Draining || it is PoolEvent.Ended }
                .filter { it.pool == "group" }.map { "$it" },
        )
    }

    @Test
    fun settingsChangeForTheGroupAndAllPoolsAtOnce() = runTest {
        val group = groupOf(connector, "a", "b") {
            each { endpoint -> maxConnections = if (endpoint.host == "a") 3 else maxConnections }
        }
        val lease = group.borrow()
        group.reconfigure {
            maxConnections = 1
            borrowTimeout = 3.seconds
            pools { maxConnections = 7 }
        }
        assertEquals(listOf(1, 3, 7), group.stats.run { listOf(maxConnections) + endpoints.map { it.pool.maxConnections } })
        assertContains(assertFailsWith<BorrowTimeoutException> { group.borrow() }.message!!, "within 3s: 1 of 1 connections")
        group.reconfigure { maxConnections = 2 }
        group.borrow().release()
        lease.release()
        group.assertSound()
        group.close()
    }

    @Test
    fun whatCannotBeChangedIsNamedAndNothingIs() = runTest {
        val group = groupOf(connector, "a")
        fun refused(change: GroupConfig.Builder.() -> Unit): String? =
            assertFailsWith<IllegalArgumentException> { group.reconfigure(change) }.message
        assertEquals("name cannot be changed while the group runs", refused { name = "other" })
        assertEquals("ejection cannot be changed while the group runs", refused { ejection = null })
        assertEquals("random cannot be changed while the pool runs", refused { pools { random = Random.Default } })
        assertFailsWith<IllegalStateException> {
            group.reconfigure {
                maxConnections = 5
                each { error("no settings") }
            }
        }
        assertEquals(100, group.config.maxConnections)
        group.close()
    }

    @Test
    fun whoJoinsWhileSettingsChangeHasThemToo() = runTest {
        val endpoints = MutableStateFlow(setOf(Endpoint("ws://a")))
        lateinit var group: PoolGroup
        var hasChanged = false
        group = PoolGroup(connector, Discovery.of(endpoints)) {
            virtual(this@runTest)
            pools { maxConnections = 4 }
            each { endpoint ->
                if (endpoint.host == "b" && !hasChanged) {
                    hasChanged = true
                    group.reconfigure { pools { maxConnections = 9 } }
                }
            }
        }
        endpoints.value += Endpoint("ws://b")
        runCurrent()
        assertEquals(listOf(9, 9), group.stats.endpoints.map { it.pool.maxConnections })
        group.close()
    }

    @Test
    fun aGroupIsReadyWhenItsFirstEndpointIs() = runTest {
        val endpoints = MutableStateFlow(emptySet<Endpoint>())
        val group = PoolGroup(connector, Discovery.of(endpoints)) {
            virtual(this@runTest)
            pools { minIdle = 1 }
        }
        assertFalse(group.isReady)
        val ready = async { group.awaitReady() }
        runCurrent()
        assertFalse(ready.isCompleted)
        endpoints.value = setOf(Endpoint("ws://a"))
        ready.await()
        assertTrue(group.isReady)
        assertEquals(1, group.stats.idle)
        group.close()
        assertFailsWith<PoolClosedException> { group.awaitReady() }
    }

    @Test
    fun awaitReadyIsToldOfTheEnd() = runTest {
        val group = PoolGroup(connector, Discovery.of(MutableStateFlow(emptySet()))) { virtual(this@runTest) }
        val ready = async { runCatching { group.awaitReady() } }
        runCurrent()
        group.close()
        assertTrue(ready.await().exceptionOrNull() is PoolClosedException)
    }

    @Test
    fun aWarmUpIsOfEachEndpointAndToldOfAll() = runTest {
        connector.onDial = { dial -> if (dial.endpoint.host == "down") throw IOException("refused") }
        val group = groupOf(connector, "a", "b", "down")
        val report = group.warmUp(2)
        assertEquals(listOf(6, 4, 2), listOf(report.requested, report.ready, report.failures.size))
        assertEquals(4, group.stats.idle)
        assertFailsWith<IllegalArgumentException> { group.warmUp(0) }
        group.close()
        assertFailsWith<PoolClosedException> { group.warmUp(1) }
    }

    @Test
    fun whatIsResetIsLentToNobody() = runTest {
        val group = groupOf(connector, "a")
        val before = group.withConnection { id }
        val lease = group.borrow()
        group.reset()
        lease.release()
        runCurrent()
        assertEquals(0, group.stats.idle)
        assertTrue(group.withConnection { id } != before)
        group.rotateCredentials()
        group.warmUp(1)
        group.evictIdle()
        runCurrent()
        assertEquals(0, group.stats.total)
        group.close()
    }

    @Test
    fun aDiscoveryThatFailsIsToldAndWhatItFoundStays() = runTest {
        val told = ArrayList<Throwable>()
        val failing = Discovery {
            flow {
                emit(setOf(Endpoint("ws://a")))
                throw IOException("token=hunter2")
            }
        }
        val group = PoolGroup(connector, failing) {
            virtual(this@runTest)
            pools { onBackgroundError { told += it } }
        }
        runCurrent()
        assertEquals(listOf("The discovery has failed; what it found last stays"), told.map { it.message })
        group.withConnection { }
        assertEquals("The discovery has failed: endpoints come and go no more.", group.health().reasons.first())
        group.close()
    }

    @Test
    fun aDiscoveryThatFailsAtOnceIsToldToThoseWhoWait() = runTest {
        val group = PoolGroup(connector, Discovery { flow { throw IOException("hunter2") } }) {
            virtual(this@runTest)
            name = "prices"
        }
        val failure = assertFailsWith<BorrowTimeoutException> { group.borrow(1.seconds) }
        assertEquals(
            "No connection of the group prices within 1s: 0 of 100 connections (maxConnections), 0 waiting; " +
                "it has no endpoint: its discovery has failed (java.io.IOException)",
            failure.message,
        )
        group.close()
    }

    @Test
    fun whoIsRefusedByTheHookKeepsHisPlaceAndHisTime() = runTest {
        val verdict = CompletableDeferred<Boolean>()
        val group = groupOf(connector, "a") {
            maxConnections = 1
            pools { onBorrow { if (verdict.isCompleted) true else verdict.await() } }
        }
        val order = ArrayList<String>()
        val ann = launch { group.withConnection { order += "ann" } }
        runCurrent()
        val bob = launch { group.withConnection { order += "bob" } }
        runCurrent()
        verdict.complete(false)
        ann.join()
        bob.join()
        assertEquals(listOf("ann", "bob"), order)
        group.close()
    }

    @Test
    fun whoseTimeIsOverCostsNoConnection() = runTest {
        var asked = 0
        val group = groupOf(connector, "a") { pools { onBorrow { asked++ > 0 } } }
        group.warmUp(1)
        assertFailsWith<BorrowTimeoutException> { group.borrow(0.seconds) }
        assertEquals(listOf(0, 1), listOf(asked, group.stats.idle))
        group.close()
    }

    @Test
    fun aKeyWhosePoolGoesJustNowGetsAnother() = runTest {
        val group = KeyedPoolGroup(connector, { key: String -> Endpoint("ws://$key") }) { virtual(this@runTest) }
        group.withConnection("a") { }
        val room: GroupRoom = group.theirRoom
        val member = room.mailbox.ask { room.members.single() }
        room.mailbox.post { room.machine.fleet.leave(member, room.now(), room.now()) }
        group.withConnection("a") { }
        assertEquals(2, connector.dialCount)
        advanceTimeBy(60.seconds)
        assertEquals(setOf("a"), group.keys)
        group.close()
    }
}
