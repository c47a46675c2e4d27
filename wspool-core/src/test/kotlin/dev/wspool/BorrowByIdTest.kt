package dev.wspool

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** To borrow one particular connection, by the name that the server has for it. */
@OptIn(ExperimentalCoroutinesApi::class)
class BorrowByIdTest {
    private val connector = echoing()
    private var named = 0

    private fun TestScope.pool(configure: PoolConfig.Builder.() -> Unit = {}) = poolOf(connector) {
        onConnect { identify(ConnectionId("server-${++named}")) }
        configure()
    }

    @Test
    fun theConnectionIsFoundByTheNameThatItWasGiven() = runTest {
        val pool = pool()
        List(3) { pool.borrow() }.forEach(Lease::release)
        for (name in listOf("server-2", "server-1", "server-3")) {
            pool.borrow(ConnectionId(name)).use { assertEquals(name, it.id.value) }
        }
        assertEquals(3, connector.dialCount)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun whoWantsItWaitsUntilItIsFreeAndLetsOthersPass() = runTest {
        val pool = pool()
        val wanted = pool.borrow()
        val other = pool.borrow()
        val caller = async { pool.borrow(wanted.id) }
        runCurrent()
        other.release()
        assertEquals(other.id, pool.withConnection { id })
        assertTrue(caller.isActive)
        wanted.release()
        assertEquals(wanted.id, caller.await().id)
        assertEquals(2, connector.dialCount)
    }

    @Test
    fun whoWantsItWaitsUntilItIsThere() = runTest {
        val pool = pool()
        val caller = async { pool.borrow(ConnectionId("server-1")) }
        runCurrent()
        assertEquals(0, connector.dialCount)
        launch { pool.warmUp(1) }
        assertEquals("server-1", caller.await().id.value)
        assertEquals(1, connector.dialCount)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun itCausesNeitherADialNorARetirement() = runTest {
        val pool = pool { maxConnections = 1 }
        pool.withConnection { }
        val e = assertFailsWith<BorrowTimeoutException> { pool.borrow(ConnectionId("gone"), 1.seconds) }
        assertEquals(
            "No connection to ws://fake within 1s: 0 of 1 leased (maxConnections), 0 connecting, 0 waiting. Last connect failure: none. " +
                "This caller asked for connection gone (BorrowRequest.id, for which nothing is dialled).",
            e.message,
        )
        assertEquals(1, connector.dialCount)
        assertEquals(1, pool.stats.idle)
        assertEquals(emptyMap(), pool.stats.destroyed)
    }

    @Test
    fun onBorrowIsAskedHereToo() = runTest {
        var asked = 0
        val pool = pool { onBorrow { ++asked > 0 } }
        pool.withConnection { }
        pool.withConnection(BorrowRequest(id = ConnectionId("server-1"))) { assertEquals("server-1", id.value) }
        assertEquals(2, asked)
    }
}
