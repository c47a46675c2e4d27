package dev.wspool.ktor.seeds

import dev.wspool.ConnectRefusedException
import dev.wspool.DestroyReason
import dev.wspool.PoolHealth
import dev.wspool.ReconnectingWebSocket
import dev.wspool.WebSocketPool
import dev.wspool.ktor.cioClient
import dev.wspool.ktor.testThreads
import dev.wspool.ktor.webSocketPool
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts.echo
import dev.wspool.test.Scripts.halfOpen
import dev.wspool.withConnection
import io.ktor.client.plugins.defaultRequest
import io.ktor.client.request.header
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** What the README of github.com/yinebebt/wspool shows and promises, with this pool. */
class YinebebtSeedTest {
    @Test
    fun theProgramOfItsReadmeHasItsEcho() = scenario(
        echo,
        {
            minIdle = 2
            maxConnections = 10
            maxLifetime = 30.minutes
            maxIdleTime = 5.minutes
            pingInterval = 30.seconds
        },
    ) { pool, _ ->
        pool.awaitReady()
        assertEquals(2, pool.stats.idle)
        val response = pool.withConnection {
            send("hello")
            receiveText()
        }
        assertEquals("hello", response)
    }

    @Test
    fun thePoolGrowsWithTheLoadAndShrinksAfterIt() = scenario(
        echo,
        {
            minIdle = 2
            maxConnections = 10
            maxIdleTime = 50.milliseconds
        },
    ) { pool, _ ->
        val leases = List(10) { pool.borrow(30.seconds) }
        assertEquals(10, pool.stats.leased)
        leases.forEach { it.release() }
        val quiet = pool.awaitStats { it.total == 2 && it.idle == 2 }
        assertEquals(8, quiet.destroyed.getValue(DestroyReason.IdleTooLong))
    }

    @Test
    fun manyCallersShareFewConnectionsAndEachHasHisOwnReply() = scenario(echo, { maxConnections = 5 }) { pool, _ ->
        val asked = List(200) { number ->
            async {
                pool.withConnection(30.seconds) {
                    send("$number")
                    receiveText()
                }
            }
        }
        assertEquals(List(200) { "$it" }, asked.awaitAll())
        assertTrue(pool.stats.created <= 5, "${pool.stats}")
        assertEquals(200, pool.stats.borrows)
    }

    @Test
    fun aConnectionThatHasHadItsTimeIsReplaced() = scenario(echo, { maxLifetime = 200.milliseconds }) { pool, _ ->
        val first = pool.withConnection { id }
        pool.awaitStats { it.destroyed[DestroyReason.LifetimeReached] == 1L }
        assertNotEquals(first, pool.withConnection { id })
    }

    @Test
    fun aConnectionThatIsDeadIsFoundByItsPingAndReplaced() = scenario(
        { if (number == 1) halfOpen()() else echo() },
        {
            minIdle = 1
            maxConnections = 1
            pingInterval = 20.milliseconds
            pongTimeout = 1.seconds
        },
    ) { pool, _ ->
        pool.awaitStats { it.destroyed[DestroyReason.PingTimeout] == 1L }
        val reply = pool.withConnection(30.seconds) {
            send("hello")
            receiveText()
        }
        assertEquals("hello", reply)
    }

    @Test
    fun aServerThatIsNotThereIsToldOnceItIsAskedFor() = runBlocking {
        val nowhere = ScriptedServer(echo).also { it.close() }.url
        WebSocketPool(nowhere) { maxConnections = 10 }.use { pool ->
            val report = withTimeout(30.seconds) { pool.warmUp(2) }
            assertEquals(0, report.ready)
            report.failures.forEach { assertIs<ConnectRefusedException>(it) }
            assertEquals(PoolHealth.Status.Down, pool.health().status)
        }
    }

    @Test
    fun theDialerIsTheCallersOwnClient() = ScriptedServer({
        open()
        text("hello, " + header("X-Tenant"))
        awaitEnd()
    }).use { server ->
        cioClient().config { defaultRequest { header("X-Tenant", "blue") } }.use { client ->
            client.webSocketPool(server.url) { onConnect { attributes["greeting"] = receiveText() } }.use { pool ->
                runBlocking(testThreads) { assertEquals("hello, blue", pool.withConnection(30.seconds) { attributes["greeting"] }) }
            }
        }
    }

    @Test
    fun whoNeedsNoPoolHasOneConnection() = ScriptedServer(echo).use { server ->
        ReconnectingWebSocket(server.url).use { client ->
            runBlocking(testThreads) {
                client.send("hello")
                assertEquals("hello", withTimeout(30.seconds) { client.receiveText() })
            }
        }
    }
}
