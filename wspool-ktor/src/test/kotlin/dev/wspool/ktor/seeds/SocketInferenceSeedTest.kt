package dev.wspool.ktor.seeds

import dev.wspool.BorrowTimeoutException
import dev.wspool.ConnectionId
import dev.wspool.DestroyReason
import dev.wspool.Diagnostics
import dev.wspool.Endpoint
import dev.wspool.LeaseReleasedException
import dev.wspool.WebSocketPool
import dev.wspool.ktor.WebSocketsEngineConnector
import dev.wspool.ktor.engine.WebSocketsEngine
import dev.wspool.ktor.testThreads
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts.echo
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.Connector
import dev.wspool.withConnection
import io.ktor.client.HttpClient
import io.ktor.client.plugins.websocket.WebSockets
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What the README of Socket Inference's connection pool shows and promises, with this pool. */
class SocketInferenceSeedTest {
    @Test
    fun whatIsPutBackIsWhatTheNextOneGets() = scenario(
        echo,
        {
            maxConnections = 100
            maxIdleTime = 30.seconds
            borrowTimeout = 5.seconds
        },
    ) { pool, server ->
        val ids = List(10) { round ->
            val lease = pool.borrow()
            try {
                lease.send("request $round")
                assertEquals("request $round", lease.receiveText())
                lease.id
            } finally {
                lease.release()
            }
        }
        assertEquals(1, ids.toSet().size)
        assertEquals(1, server.accepted)
        assertEquals(9, pool.stats.reused)
    }

    @Test
    fun anExhaustedPoolSaysWhichSettingToRaiseAndThatHelps() = scenario(
        echo,
        {
            maxConnections = 1
            borrowTimeout = 50.milliseconds
        },
    ) { pool, _ ->
        pool.borrow(30.seconds).use {
            val failure = assertFailsWith<BorrowTimeoutException> { pool.borrow() }
            assertTrue("1 of 1 leased (maxConnections)" in failure.message!!, failure.message)
            pool.reconfigure {
                maxConnections = 50
                borrowTimeout = 30.seconds
            }
            pool.withConnection { send("served") }
        }
    }

    @Test
    fun theFactoryIsAConnectorOfTheCallersOwn() = ScriptedServer(echo).use { server ->
        val dials = AtomicInteger()
        HttpClient(WebSocketsEngine) { install(WebSockets) }.use { client ->
            val engine = WebSocketsEngineConnector(client)
            val factory = object : Connector {
                override suspend fun connect(endpoint: Endpoint, listener: ConnectionListener): Connection {
                    dials.incrementAndGet()
                    return engine.connect(endpoint, listener)
                }
            }
            WebSocketPool(factory, Endpoint(server.url)) { maxConnections = 2 }.use { pool ->
                runBlocking(testThreads) { repeat(5) { pool.withConnection(30.seconds) { send("through it") } } }
                assertEquals(pool.stats.created, dials.get().toLong())
            }
        }
    }

    @Test
    fun theNumbersTellWhoHasOneAndWhoWaits() = scenario(echo, { maxConnections = 2 }) { pool, _ ->
        assertEquals(2, pool.warmUp(2).ready)
        assertEquals(listOf(0, 2, 0), pool.stats.run { listOf(leased, idle, waiting) })
        val first = pool.borrow()
        assertEquals(listOf(1, 1, 0), pool.stats.run { listOf(leased, idle, waiting) })
        val second = pool.borrow()
        val third = async { pool.borrow(30.seconds) }
        assertEquals(listOf(2, 0, 1), pool.awaitStats { it.waiting > 0 }.run { listOf(leased, idle, waiting) })
        first.release()
        listOf(second, third.await()).forEach { it.release() }
        assertEquals(listOf(0, 2, 0), pool.stats.run { listOf(leased, idle, waiting) })
    }

    @Test
    fun putTwiceIsHarmlessAndAClosedLeaseIsNobodysConnection() = scenario(echo, { maxConnections = 1 }) { pool, server ->
        val mine = pool.borrow(30.seconds)
        mine.release()
        val next = pool.borrow()
        mine.close()
        mine.invalidate("too late")
        assertFailsWith<LeaseReleasedException> { mine.send("not mine any more") }
        next.send("still mine")
        assertEquals("still mine", next.receiveText())
        next.release()
        assertEquals(1, server.accepted)
    }

    @Test
    fun whatLiesIdleTooLongIsClosed() = scenario(echo, { maxIdleTime = 50.milliseconds }) { pool, _ ->
        val first: ConnectionId = pool.withConnection { id }
        assertEquals(1, pool.awaitStats { it.total == 0 && it.created == 1L }.destroyed[DestroyReason.IdleTooLong])
        assertNotEquals(first, pool.withConnection { id })
    }

    @Test
    fun whatIsNeverPutBackIsFoundAndItsPlaceServesTheNext() = scenario(
        echo,
        {
            maxConnections = 1
            diagnostics = Diagnostics(leakThreshold = 50.milliseconds, reclaimLeaks = true)
        },
    ) { pool, _ ->
        launch { pool.borrow(30.seconds) }.join()
        pool.withConnection(30.seconds) { send("served") }
        assertEquals(1, pool.stats.leaks)
    }

    @Test
    fun aThousandAtOnceAreServedByFifty() = scenario(
        echo,
        {
            maxConnections = 50
            maxConcurrentConnects = 16
        },
    ) { pool, _ ->
        val replies = List(1_000) { number ->
            async {
                pool.withConnection(60.seconds) {
                    send("$number")
                    receiveText()
                }
            }
        }
        assertEquals(List(1_000) { "$it" }, replies.awaitAll())
        assertTrue(pool.stats.created <= 50, "${pool.stats}")
        assertEquals(1_000, pool.stats.borrows)
    }
}
