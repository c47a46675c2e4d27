package dev.wspool.samples.dashboard

import dev.wspool.BorrowTimeoutException
import dev.wspool.ConnectRefusedException
import dev.wspool.ConnectionLostException
import dev.wspool.DestroyReason
import dev.wspool.Endpoint
import dev.wspool.PoolEvent
import dev.wspool.ReceiveTimeoutException
import dev.wspool.WebSocketPool
import dev.wspool.withConnection
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What each fault is to a real pool. */
@Timeout(60)
class UpstreamTest {
    private val credentials = Credentials()
    private val slowness = Slowness()
    private val upstream = Upstream(credentials, slowness::go)

    @Test
    fun repliesWithWhatItIsSent() = withPool { assertEquals("hello", it.ask("hello")) }

    @Test
    fun killedItEndsConnectionsAndRefusesDialsUntilItIsBackAtTheSameAddress() = withPool { pool ->
        val lease = pool.borrow()
        upstream.kill()
        assertFailsWith<ConnectionLostException> { lease.receive() }
        lease.release()
        val failure = assertFailsWith<BorrowTimeoutException> { pool.borrow(500.milliseconds) }
        assertIs<ConnectRefusedException>(failure.cause)
        upstream.start()
        assertEquals("again", pool.ask("again"))
    }

    @Test
    fun slowReplyIsOvertakenByAFastOne() = withPool { pool ->
        upstream.isSlow = true
        val slow = pool.borrow()
        slow.send("slow")
        slowness.begun.join()
        upstream.isSlow = false
        assertEquals("fast", pool.ask("fast"))
        slowness.end.complete()
        assertEquals("slow", slow.receiveText())
        slow.release()
    }

    @Test
    fun halfOpenIsFoundOutByPingsAloneAndHealedByNewConnections() = withPool { pool ->
        val end = async(start = CoroutineStart.UNDISPATCHED) { pool.events.filterIsInstance<PoolEvent.Closed>().first() }
        val lease = pool.borrow()
        upstream.isHalfOpen = true
        lease.send("into the void")
        assertFailsWith<ConnectionLostException> { lease.receive() }
        lease.release()
        assertEquals(DestroyReason.PingTimeout, end.await().reason)
        assertFailsWith<BorrowTimeoutException> { pool.borrow(500.milliseconds) }
        upstream.isHalfOpen = false
        assertEquals("healed", pool.ask("healed"))
    }

    @Test
    fun connectionThatHasLostBytesStaysDeadWhenTheWayIsHealed() = withPool { pool ->
        val end = async(start = CoroutineStart.UNDISPATCHED) { pool.events.filterIsInstance<PoolEvent.Closed>().first() }
        val lease = pool.borrow()
        upstream.isHalfOpen = true
        lease.send("into the void")
        assertFailsWith<ReceiveTimeoutException> { lease.ping(200.milliseconds) } // which is lost as well
        upstream.isHalfOpen = false
        assertFailsWith<ConnectionLostException> { lease.receive() }
        lease.release()
        assertEquals(DestroyReason.PingTimeout, end.await().reason)
    }

    @Test
    fun credentialsThatWereRotatedAreTakenNoMore() = withPool { pool ->
        assertEquals("first", pool.ask("first"))
        credentials.rotate()
        pool.rotateCredentials()
        assertEquals("second", pool.ask("second"))
        assertEquals(2, pool.stats.created)
    }

    private suspend fun WebSocketPool.ask(text: String): String = withConnection {
        send(text)
        receiveText()
    }

    /** Takes until the test has it [end]. */
    private class Slowness {
        val begun = Job()
        val end = Job()

        suspend fun go() {
            begun.complete()
            end.join()
        }
    }

    private fun withPool(test: suspend CoroutineScope.(WebSocketPool) -> Unit) = runBlocking(Dispatchers.Default) {
        upstream.start()
        val pool = WebSocketPool(upstream.url) {
            borrowTimeout = 20.seconds
            connectTimeout = 1.seconds
            pingInterval = 300.milliseconds
            pongTimeout = 700.milliseconds
            beforeConnect { Endpoint(it.url, mapOf("Authorization" to credentials.current)) }
        }
        try {
            test(pool)
        } finally {
            pool.close()
            pool.awaitClosed()
            upstream.kill()
            upstream.close()
        }
    }
}
