package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.async
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.time.Duration.Companion.seconds

/** Requests on leases that share a connection: one that is given up ends its lease, and leaves the others be. */
class SharedRequestTest {
    private val connector = FakeConnector(autoConnect = true)
    private val peer: FakeConnection get() = connector.connections.single()

    @Test
    fun aRequestThatIsGivenUpLeavesTheConnectionToTheOthers() = runTest {
        val pool = sharedPoolOf(connector, leases = 2)
        val other = pool.borrow()
        val reply = async { other.request("2:ask") }
        val late = async { assertFailsWith<RequestTimeoutException> { pool.request("1:ask", 1.seconds) } }
        assertEquals("No reply on Connection c1 to ws://fake within 1s", late.await().message)
        peer.receives("1:late")
        peer.receives("2:reply")
        assertEquals("2:reply", reply.await())
        other.release()
        runCurrent()
        assertEquals(1, pool.stats.idle)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun retriesOfOneLossShareTheNextConnection() = runTest {
        val connector = FakeConnector(autoConnect = true)
        val pool = sharedPoolOf(connector, leases = 3)
        pool.borrow().release()
        val asked = (1..3).map { async { pool.request("$it:what?", 5.seconds, retryStale = true) } }
        runCurrent()
        connector.connections.single().dies()
        runCurrent()
        val second = connector.connections[1]
        assertEquals(3, second.sent.size, "asked again: ${second.sent}")
        (1..3).forEach { second.receives("$it:that") }
        assertEquals((1..3).map { "$it:that" }, asked.map { it.await() })
        assertEquals(2, pool.stats.created)
    }

    @Test
    fun failureThatIsCommonToAllKeepsNobodysLoss() = runTest {
        val connector = FakeConnector(autoConnect = true)
        val pool = sharedPoolOf(connector, leases = 5)
        pool.borrow().release()
        val failures = (1..5).map { async { runCatching { pool.request("$it:q", 5.seconds, retryStale = true) }.exceptionOrNull()!! } }
        runCurrent()
        connector.connecting = FakeBehavior.Fails { ConnectFailedException("401", isPermanent = true) }
        connector.connections.single().dies()
        assertEquals(List(5) { "401 []" }, failures.map { it.await().run { "$message ${suppressed.toList()}" } })
    }
}
