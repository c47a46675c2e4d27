package dev.wspool

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.Test
import java.io.IOException
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Endpoints that fail, or do not answer, and the callers of the others. */
@OptIn(ExperimentalCoroutinesApi::class)
class GroupFailureTest : GroupScene() {
    @Test
    fun twoServersThatDoNotAnswerFailNobody() = play {
        connector.onDial = { if (it.endpoint.host in "ab") awaitCancellation() }
        val group = open("a", "b", "c", "d", "e")
        val all = List(40) { async { runCatching { group.ask("$it") } } }
        val failed = all.map { it.await() }.count { it.isFailure }
        assertEquals(0, failed, "of 40 callers whom c, d and e could serve; ${group.stats}")
    }

    @Test
    fun twoServersThatDoNotAnswerFailNobodyWhereConnectionsAreHeld() = play {
        connector.onDial = { if (it.endpoint.host in "ab") awaitCancellation() }
        val group = open("a", "b", "c", "d", "e")
        val all = List(30) { async { runCatching { group.borrow() } } }
        val failed = all.map { it.await() }.filter { it.isFailure }
        assertEquals(0, failed.size, "of 30 callers for whom c, d and e have 30 places: ${failed.firstOrNull()}")
    }

    @Test
    fun threeServersOfFiveThatDoNotAnswerFailNobody() = play {
        connector.onDial = { if (it.endpoint.host in "abc") awaitCancellation() }
        val group = open("a", "b", "c", "d", "e")
        val all = List(20) { async { runCatching { group.borrow() } } }
        val failed = all.map { it.await() }.filter { it.isFailure }
        assertEquals(0, failed.size, "of 20 callers for whom d and e have 20 places: ${failed.firstOrNull()}")
    }

    @Test
    fun stalledDialsOfOneEndpointDoNotUseUpTheGroupsRoom() = play {
        connector.onDial = { if (it.endpoint.host == "a") awaitCancellation() }
        val group = open("a", "b") { maxConnections = 4 }
        val all = List(4) { async { runCatching { group.borrow() } } }
        val failed = all.map { it.await() }.count { it.isFailure }
        assertEquals(0, failed, "b alone could serve all 4: ${group.stats}")
    }

    @Test
    fun aKeyWhoseEndpointRefusesIsServedElsewhere() = play {
        connector.onDial = { if (it.endpoint.host == "a") throw IOException("refused") }
        val group = open("a", "b", "c") { balancer = Balancer.ConsistentHash }
        val failed = (1..30).map { async { runCatching { group.withConnection(AffinityKey("user $it")) { } } } }
            .map { it.await() }.filter { it.isFailure }
        assertEquals(0, failed.size, "of 30 keys: ${failed.firstOrNull()}")
    }

    @Test
    fun aKeyWhoseEndpointDoesNotAnswerIsServedElsewhere() = play {
        connector.onDial = { if (it.endpoint.host == "a") awaitCancellation() }
        val group = open("a", "b", "c") { balancer = Balancer.ConsistentHash }
        val failed = (1..30).map { async { runCatching { group.withConnection(AffinityKey("user $it")) { } } } }
            .map { it.await() }.filter { it.isFailure }
        assertEquals(0, failed.size, "of 30 keys: ${failed.firstOrNull()}")
    }

    @Test
    fun oneFailedDialDoesNotMoveKeysFromAnEndpointThatServesThem() = play {
        val group = open("a", "b", "c") { balancer = Balancer.ConsistentHash }
        suspend fun where() = (1..30).associateWith { group.withConnection(AffinityKey("user $it")) { hostOf(id) } }
        val before = where()
        val key = before.entries.first { it.value == "a" }.key
        connector.onDial = { if (it.endpoint.host == "a") throw IOException("refused once") }
        val held = group.borrow(BorrowRequest(affinity = AffinityKey("user $key")))
        launch { runCatching { group.borrow(BorrowRequest(1.milliseconds, affinity = AffinityKey("user $key"))) } }.join()
        held.release()
        connector.onDial = {}
        assertEquals(EndpointState.Serving, group.of("a").state)
        assertEquals(1, group.of("a").pool.idle)
        val after = where()
        assertEquals(before, after, "a serves, and has an idle connection")
    }

    @Test
    fun patienceCountsFromTheDialThatHadToWaitForItsPermit() = play {
        connector.onDial = { if (it.endpoint.host == "a") awaitCancellation() }
        var first = true
        val group = open("a", "b") {
            maxConnectsPerSecond = 1.0
            pools { maxConnections = 5 }
            balancer = Balancer { choice -> choice.endpoints.indexOfFirst { it.endpoint.host == if (first) "b" else "a" }.coerceAtLeast(0) }
        }
        val held = group.borrow()
        first = false
        val got = runCatching { group.borrow() }
        assertTrue(got.isSuccess, "b could be dialled from 2 s on: ${got.exceptionOrNull()}")
        held.release()
    }

    @Test
    fun callersWhoWaitAreServedByWhatIsDiscoveredLater() = play {
        val told = MutableStateFlow(emptySet<Endpoint>())
        val group = PoolGroup(connector, Discovery.of(told)) { virtual(this@play) }.kept()
        val waiting = List(5) { async { group.ask("$it") } }
        advanceTimeBy(2.seconds)
        told.value = setOf(Endpoint("ws://a"))
        assertEquals(listOf("0", "1", "2", "3", "4"), waiting.map { it.await() })
    }

    @Test
    fun anEachThatThrowsForOneEndpointKeepsNoOtherOut() = play {
        val told = MutableStateFlow(setOf(Endpoint("ws://a")))
        val group = PoolGroup(connector, Discovery.of(told)) {
            virtual(this@play)
            each { check(it.host != "b") { "no settings for b" } }
        }.kept()
        told.value = setOf("a", "b", "c").map { Endpoint("ws://$it") }.toSet()
        runCurrent()
        told.value = setOf("a", "c").map { Endpoint("ws://$it") }.toSet()
        runCurrent()
        assertEquals(listOf("ws://a", "ws://c"), group.stats.endpoints.map { it.address })
    }

    @Test
    fun noSecretIsShown() = play {
        connector.onDial = { throw IOException("cannot reach ${it.endpoint.url}") }
        val secret = Discovery.fixed(Endpoint("ws://anna:pa55word@a/x?token=s3cr3t"), Endpoint("ws://b/x?token=s3cr3t"))
        val group = PoolGroup(connector, secret) {
            virtual(this@play)
        }.kept()
        val events = ArrayList<PoolEvent>()
        backgroundScope.launch { group.events.collect(events::add) }
        val failure = assertFailsWith<BorrowTimeoutException> { group.borrow() }
        val all = listOf(failure.stackTraceToString(), "$group ${group.stats} ${group.health()} ${group.reports()}", "$events")
        all.forEach { text -> assertFalse("s3cr3t" in text || "pa55word" in text, text) }
    }
}
