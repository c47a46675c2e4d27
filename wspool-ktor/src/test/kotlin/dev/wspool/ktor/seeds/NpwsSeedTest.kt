package dev.wspool.ktor.seeds

import dev.wspool.AcceptedPool
import dev.wspool.AdaptiveCapacity
import dev.wspool.Backoff
import dev.wspool.BorrowTimeoutException
import dev.wspool.ConnectionId
import dev.wspool.DestroyReason
import dev.wspool.IdHandshake
import dev.wspool.PoolClosedException
import dev.wspool.TlsFailedException
import dev.wspool.WebSocketPool
import dev.wspool.announceId
import dev.wspool.borrow
import dev.wspool.byteStream
import dev.wspool.ktor.TestKeys
import dev.wspool.ktor.server.accept.Knock
import dev.wspool.ktor.server.accept.Knock.Companion.HANDSHAKE
import dev.wspool.ktor.server.accept.accepting
import dev.wspool.ktor.testThreads
import dev.wspool.readId
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts.echo
import dev.wspool.test.Scripts.refusal
import dev.wspool.withConnection
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What the README of github.com/NodePassProject/npws shows and promises, with this pool. */
class NpwsSeedTest {
    /** `NewServerPool`, `IncomingGet`, and `handleConnection`, which echoes; `NewClientPool`, and `OutgoingGet` by the id. */
    @Test
    fun bothEndsTakeTheConnectionOfOneIdOutOfTheirPools() = accepting(
        configure = {
            maxConnections = 100
            onConnect { announceId(IdHandshake.NPWS) }
        },
    ) { serverPool, url ->
        val clientPool = WebSocketPool(url) {
            minIdle = 5
            maxConnections = 20
            pingInterval = 30.seconds
            onConnect { readId(IdHandshake.NPWS) }
        }
        clientPool.use {
            clientPool.awaitReady()
            repeat(8) { round ->
                val incoming = serverPool.borrow(30.seconds).detach()
                val handling = launch {
                    incoming.use { conn -> conn.byteStream().apply { write(read()!!) }.flush() }
                }
                val outgoing = clientPool.borrow(incoming.id, 30.seconds).detach()
                assertEquals(8, outgoing.id.value.length)
                val stream = outgoing.byteStream()
                stream.write("Hello, Server! $round".toByteArray())
                stream.flush()
                assertEquals("Hello, Server! $round", stream.read()!!.decodeToString())
                outgoing.release()
                handling.join()
            }
            for (pool in listOf(clientPool, serverPool)) assertEquals(8, pool.stats.destroyed[DestroyReason.Detached])
        }
    }

    @Test
    fun anIdThatNobodyHasAndAPoolWithoutClientsTimeOut() = accepting { serverPool, url ->
        val none = assertFailsWith<BorrowTimeoutException> { serverPool.borrow(50.milliseconds) }
        assertTrue("Limited by its clients" in none.message!!, none.message)
        WebSocketPool(url) { minIdle = 1 }.use { clientPool ->
            clientPool.awaitReady()
            assertFailsWith<BorrowTimeoutException> { clientPool.borrow(ConnectionId("a1b2c3d4"), 50.milliseconds) }
        }
    }

    @Test
    fun otherAddressesThanTheClientsGet403() = accepting(gate = { allowAddresses("127.0.0.2") }) { pool, url ->
        Knock(url, *HANDSHAKE).use { assertEquals(403, it.status) }
        assertEquals(0, pool.stats.created)
        Knock(url, *HANDSHAKE, from = "127.0.0.2").use {
            assertEquals(101, it.status)
            pool.withConnection(30.seconds) { send("let in") }
            assertEquals("let in", it.text())
        }
    }

    @Test
    fun mode1TakesASelfSignedCertificateAndMode2Refuses() {
        val keys = TestKeys.selfSigned("localhost")
        ScriptedServer(keys.serverSocket(), "wss", echo).use { server ->
            WebSocketPool(server.url) { tls { insecure() } }.use { mode1 ->
                val connectionState = runBlocking(testThreads) { mode1.withConnection(30.seconds) { handshake.tlsSession } }
                assertEquals("TLSv1.3", connectionState!!.protocol)
                assertEquals(keys.certificate, connectionState.peerCertificates.first())
            }
            WebSocketPool(server.url).use { mode2 ->
                assertFailsWith<TlsFailedException> { runBlocking(testThreads) { mode2.borrow(30.seconds) } }
            }
        }
    }

    @Test
    fun thePoolTellsOfItselfCountsErrorsAndIsFlushed() = scenario(
        echo,
        {
            minIdle = 5
            maxConnections = 20
        },
    ) { pool, server ->
        pool.awaitReady()
        assertTrue(pool.isReady)
        assertEquals(listOf(5, 20), listOf(pool.stats.idle, pool.capacity)) // Active, Capacity
        repeat(11) { pool.recordError() }
        assertEquals(11, pool.stats.errors)
        pool.resetErrors()
        assertEquals(0, pool.stats.errors)
        pool.reset() // Flush
        pool.awaitStats { it.idle == 5 && it.created == 10L }
        server.awaitOpen(5)
    }

    @Test
    fun theCapacityGrowsForWhoWaitsAndTheIntervalStaysWithinItsBounds() = scenario(
        echo,
        { adaptiveCapacity = AdaptiveCapacity(1, 3, minInterval = 20.milliseconds, maxInterval = 200.milliseconds) },
    ) { pool, _ ->
        assertEquals(1, pool.capacity)
        val leases = List(3) { pool.borrow(30.seconds) }
        assertEquals(3, pool.capacity)
        assertTrue(pool.connectInterval in 20.milliseconds..200.milliseconds, "${pool.connectInterval}")
        leases.forEach { it.release() }
    }

    @Test
    fun oneBorrowOutlastsDialsThatFail() = scenario(
        { if (number < 3) refusal(503)() else echo() },
        { backoff = Backoff(1.milliseconds, 10.milliseconds) },
    ) { pool, server ->
        pool.withConnection(30.seconds) { send("there at last") }
        assertEquals(listOf(3, 2), listOf(server.accepted, pool.stats.connectFailures.toInt()))
    }

    @Test
    fun aContextThatIsCancelledClosesThePool() {
        val context = Job()
        scenario(echo, { parent = CoroutineScope(context) }) { pool, server ->
            val lease = pool.borrow(30.seconds)
            context.cancel()
            pool.awaitClosed()
            assertFailsWith<PoolClosedException> { pool.borrow() }
            lease.release()
            server.awaitNoneOpen()
        }
    }

    @Test
    fun poolsOfSeveralServersTakeTurns() {
        val servers = List(3) { ScriptedServer(echo) }
        val pools = servers.map { WebSocketPool(it.url) }
        val counter = AtomicInteger()
        runBlocking(testThreads) {
            repeat(9) { pools[counter.getAndIncrement() % pools.size].withConnection(30.seconds) { send("$it") } }
        }
        assertEquals(listOf(3L, 3L, 3L), pools.map { it.stats.borrows })
        pools.forEach { it.close() }
        servers.forEach { it.close() }
    }

    @Test
    fun aShutdownLetsWhoIsAtItFinish() = scenario(echo, { maxConnections = 1 }) { pool, _ ->
        val lease = pool.borrow(30.seconds)
        val shutdown = async(start = CoroutineStart.UNDISPATCHED) { pool.drain(30.seconds) }
        assertFailsWith<PoolClosedException> { pool.borrow() }
        lease.send("to the end")
        assertEquals("to the end", lease.receiveText())
        lease.release()
        shutdown.await()
    }
}
