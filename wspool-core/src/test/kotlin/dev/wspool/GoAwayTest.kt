package dev.wspool

import dev.wspool.test.FakeConnection
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.milliseconds

/** `goAwayWhen`: the message by which a server says that it will close a connection. */
@OptIn(ExperimentalCoroutinesApi::class)
class GoAwayTest {
    private val connector = echoing()
    private val peer: FakeConnection get() = connector.connections.last()

    private fun TestScope.pool(configure: PoolConfig.Builder.() -> Unit = {}) = poolOf(connector) {
        maxConnections = 1
        goAwayWhen { it == Message.Text("bye") }
        configure()
    }

    @Test
    fun aLeaseGoesOnAndItsConnectionIsNotLentAgain() = runTest {
        val pool = pool()
        val lease = pool.borrow()
        val next = async { pool.withConnection { id.value } }
        runCurrent()
        peer.receives("bye")
        assertEquals("bye", lease.receiveText())
        lease.send("one more")
        assertEquals("one more", lease.receiveText())
        lease.release()
        assertEquals("c2", next.await())
        assertEquals(2, connector.dialCount)
        assertEquals(mapOf(DestroyReason.GoingAway to 1L), pool.stats.destroyed)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun anIdleConnectionIsClosedAndItsSuccessorOpened() = runTest {
        val pool = pool { minIdle = 1 }
        runCurrent()
        peer.receives("bye")
        runCurrent()
        assertEquals(mapOf(DestroyReason.GoingAway to 1L), pool.stats.destroyed)
        advanceTimeBy(100.milliseconds) // it had never served: that counts as a failed dial
        runCurrent()
        assertEquals(1, pool.stats.idle)
        assertEquals(2, connector.dialCount)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun whateverElseIsSaidMeansNothing() = runTest {
        val pool = pool()
        pool.withConnection {
            send("good bye")
            receive()
        }
        assertEquals("c1", pool.withConnection { id.value })
    }

    @Test
    fun saidTwiceItMeansTheSame() = runTest {
        val pool = pool()
        pool.withConnection {
            repeat(2) { peer.receives("bye") }
            repeat(2) { receive() }
        }
        runCurrent()
        assertEquals(mapOf(DestroyReason.GoingAway to 1L), pool.stats.destroyed)
        pool.assertNothingLeft(connector)
    }
}
