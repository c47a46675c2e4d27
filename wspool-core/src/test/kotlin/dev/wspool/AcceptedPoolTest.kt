package dev.wspool

import dev.wspool.test.FakeBehavior
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** A pool whose connections clients open. */
@OptIn(ExperimentalCoroutinesApi::class)
class AcceptedPoolTest {
    private fun accepting(
        configure: PoolConfig.Builder.() -> Unit = {},
        rule: suspend TestScope.(AcceptedPool, Clients) -> Unit,
    ) = runTest {
        val pool = acceptedPool(configure)
        val clients = Clients(pool)
        rule(pool, clients)
        pool.assertNothingLeft(clients.engine)
    }

    @Test
    fun whoConnectsIsLentToWhoHasWaitedLongest() = accepting { pool, clients ->
        val ann = async { pool.borrow() }
        val bob = async { pool.borrow() }
        runCurrent()
        assertEquals(2, pool.stats.waiting)
        clients.connect()
        assertEquals("hello", ann.await().run { send("hello").let { receiveText() } })
        assertFalse(bob.isCompleted)
        val first = ann.await().also(Lease::release).id
        assertEquals(first, bob.await().id)
        bob.await().release()
        assertEquals(1, pool.stats.created)
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun noMoreAreLetInThanMayBeAndAPlaceThatIsGivenUpIsFree() = accepting({ maxConnections = 2 }) { pool, clients ->
        clients.connect()
        val second = assertNotNull(pool.admit())
        assertNull(pool.admit())
        second.failed(IllegalStateException("no handshake"))
        runCurrent()
        assertNotNull(pool.admit()).failed(IllegalStateException("none either"))
        runCurrent()
        assertEquals(2, pool.stats.connectFailures)
        assertTrue(pool.isReady, "that handshakes fail says nothing about the next")
        assertEquals(PoolHealth.Status.Up, pool.health().status)
        clients.connect()
        pool.assertWhole()
    }

    @Test
    fun aHandshakeHasItsTimeAndWhatComesLaterIsAborted() = accepting({ connectTimeout = 3.seconds }) { pool, clients ->
        val acceptance = assertNotNull(pool.admit())
        testScheduler.advanceTimeBy(3.seconds + 1.seconds)
        assertEquals(0, pool.stats.connecting)
        assertTrue(clients.opened(acceptance).isAborted)
        assertEquals(0, pool.stats.created)
    }

    @Test
    fun onConnectGreetsBeforeAnybodyGetsTheConnection() = accepting({
        onConnect {
            send("welcome")
            attributes["met"] = true
        }
    }) { pool, clients ->
        val client = clients.connect()
        assertEquals(true, pool.withConnection(timeout = 1.seconds) { attributes["met"] })
        assertEquals(Message.Text("welcome"), client.sent.first())
    }

    @Test
    fun aClientMaySpeakBeforeItIsBorrowed() = accepting { pool, clients ->
        val client = clients.connect()
        runCurrent()
        client.receives("ready for work")
        runCurrent()
        assertEquals("ready for work", pool.withConnection { receiveText() })
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun idsAreRandomAndLongAndNameTheConnection() = accepting { pool, clients ->
        repeat(3) { clients.connect() }
        runCurrent()
        val ids = List(3) { pool.borrow() }.onEach(Lease::release).map { it.id }
        assertEquals(3, ids.toSet().size)
        ids.forEach { assertTrue(Regex("[0-9a-f]{32}").matches(it.value), "$it") }
        assertEquals(ids[1], pool.borrow(ids[1]).also(Lease::release).id)
    }

    @Test
    fun aKeyIsForItsOwnersConnectionAndNoOther() = accepting({ borrowTimeout = 5.seconds }) { pool, clients ->
        clients.connect(AffinityKey("bob"))
        clients.connect()
        runCurrent()
        val forAnn = async { pool.borrow(AffinityKey("ann")) }
        runCurrent()
        assertFalse(forAnn.isCompleted, "bob's, and nobody's, are idle")
        val bobs = pool.borrow(AffinityKey("bob"))
        clients.connect(AffinityKey("ann"))
        assertNotEquals(bobs.id, forAnn.await().id)
        bobs.release()
        val failure = assertFailsWith<BorrowTimeoutException> { pool.borrow(AffinityKey("bob-two"), 1.seconds) }
        assertContains(failure.message!!, "This caller asked for a connection of his key's owner (BorrowRequest.affinity).")
        forAnn.await().release()
        assertEquals(listOf(0L, 0L), listOf(pool.stats.destroyed.values.sum(), pool.stats.connectFailures))
    }

    @Test
    fun whoWaitsInVainIsToldThatNoClientIsThere() = accepting({ name = "workers" }) { pool, _ ->
        val message = assertFailsWith<BorrowTimeoutException> { pool.borrow(2.seconds) }.message!!
        assertTrue("Limited by its clients: none is idle, 0 are connecting, and it dials none." in message, message)
        assertTrue(message.startsWith("No connection to workers within 2s"), message)
    }

    @Test
    fun aDrainLetsNobodyInAndRefusesWhoWaitsForNobody() = accepting { pool, clients ->
        clients.connect()
        val lease = pool.borrow()
        val waiting = async { runCatching { pool.borrow(1.minutes) } }
        val inVain = async { runCatching { pool.borrow(AffinityKey("ann"), 1.minutes) } }
        runCurrent()
        val drain = launch { pool.drain(1.minutes) }
        runCurrent()
        assertNull(pool.admit())
        lease.release()
        assertTrue(waiting.await().getOrThrow().isReused)
        assertFalse(drain.isCompleted)
        waiting.await().getOrThrow().release()
        assertFailsWith<PoolClosedException> { inVain.await().getOrThrow() }
        drain.join()
        assertEquals(listOf(CloseInfo(1001)), clients.engine.connections.map { it.closedWith })
    }

    @Test
    fun aClientThatGoesIsForgottenAndAnsweringNoPingIsGoing() = accepting({
        pingInterval = 10.seconds
        pongTimeout = 1.seconds
    }) { pool, clients ->
        val leaving = clients.connect()
        runCurrent()
        leaving.dies()
        clients.connect().also { it.answersPing = false }
        runCurrent()
        assertEquals(1, pool.stats.idle)
        testScheduler.advanceTimeBy(12.seconds)
        assertEquals(mapOf(DestroyReason.Lost to 1L, DestroyReason.PingTimeout to 1L), pool.stats.destroyed)
        assertNotNull(pool.admit()).failed(IllegalStateException("only asked"))
        runCurrent()
        pool.close()
    }

    @Test
    fun aFailingGreetingEndsTheConnectionAndConcernsNobodyElse() = accepting({ onConnect { error("not you") } }) { pool, clients ->
        val waiting = async { runCatching { pool.borrow(5.seconds) } }
        runCurrent()
        val client = clients.connect()
        runCurrent()
        assertTrue(client.isAborted)
        assertFalse(waiting.isCompleted)
        assertTrue("onConnect for accepted failed" in waiting.await().exceptionOrNull()!!.message!!)
    }

    @Test
    fun warmingUpWaitsForSoManyClients() = accepting { pool, clients ->
        val warm = async { pool.warmUp(2) }
        clients.connect()
        runCurrent()
        assertFalse(warm.isCompleted)
        clients.connect()
        assertEquals(2, warm.await().ready)
    }

    @Test
    fun aSlowGreetingHoldsItsPlaceAlone() = accepting({ onConnect { send("hi") } }) { pool, clients ->
        val slow = assertNotNull(pool.admit())
        clients.engine.onConnection = { it.sending = FakeBehavior.Never }
        clients.opened(slow)
        clients.engine.onConnection = {}
        clients.connect()
        pool.withConnection(1.seconds) { assertEquals(1, pool.stats.connecting) }
    }

    @Test
    fun whatBelongsToDiallingIsRefusedByName() {
        val refused = mapOf<String, PoolConfig.Builder.() -> Unit>(
            "backoff" to { backoff = Backoff() },
            "maxConcurrentConnects" to { maxConcurrentConnects = 1 },
            "maxConnectsPerSecond" to { maxConnectsPerSecond = 1.0 },
            "adaptiveCapacity" to { adaptiveCapacity = AdaptiveCapacity(1, 2) },
            "compression" to { compression = Compression() },
            "proxy" to { proxy = "http://localhost:3128" },
            "beforeConnect" to { beforeConnect { it } },
            "onCloseCode" to { onCloseCode { null } },
            "tls" to { tls { } },
        )
        for ((name, setting) in refused) {
            val expected = "$name cannot be set here: clients connect, and the server's engine accepts them"
            assertEquals(expected, assertFailsWith<IllegalArgumentException> { AcceptedPool(setting) }.message)
        }
        AcceptedPool().use { pool ->
            assertFailsWith<IllegalArgumentException> { pool.reconfigure { backoff = Backoff() } }
            pool.reconfigure { maxConnections = 20 }
            assertEquals(20, pool.capacity)
        }
    }
}
