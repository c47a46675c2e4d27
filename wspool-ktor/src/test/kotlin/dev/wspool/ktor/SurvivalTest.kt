package dev.wspool.ktor

import dev.wspool.ConnectionLostException
import dev.wspool.DestroyReason
import dev.wspool.PoolEvent
import dev.wspool.WebSocketPool
import dev.wspool.test.PeerFrame
import dev.wspool.test.PeerWire
import dev.wspool.test.ScriptedServer
import dev.wspool.withConnection
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Test
import java.net.BindException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.assertEquals
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The world changes under a pool that is used, on real sockets: what could be served is served. */
class SurvivalTest {
    @Test
    fun noBorrowFailsWhileTheServerIsRestarted() {
        var server = ScriptedServer { echo() }
        val port = server.port
        val pool = WebSocketPool(server.url) {
            maxConnections = 8
            borrowTimeout = 30.seconds
        }
        val answered = AtomicInteger()
        val lost = AtomicInteger()
        val isOver = AtomicBoolean()
        play(pool) {
            val callers = List(20) { caller ->
                async {
                    var number = 0
                    while (!isOver.get()) {
                        val nonce = "$caller/${number++}"
                        try {
                            pool.withConnection {
                                send(nonce)
                                assertEquals(nonce, receiveText())
                            }
                            answered.incrementAndGet()
                        } catch (_: ConnectionLostException) {
                            lost.incrementAndGet() // it was in flight
                        }
                    }
                }
            }
            repeat(3) {
                val seen = answered.get()
                yieldUntil { answered.get() > seen + 500 }
                server.close()
                server = ScriptedServer(socketAt(port)) { echo() }
            }
            val seen = answered.get()
            yieldUntil { answered.get() > seen + 500 }
            isOver.set(true)
            callers.awaitAll()
            val stats = pool.stats
            assertEquals(0, stats.timedOut + stats.refused, "$stats")
            assertTrue(lost.get() <= 3 * 8, "${lost.get()} requests lost by 3 restarts of 8 connections")
        }
        server.close()
    }

    @Test
    fun aConnectionWhosePeerFellSilentIsFoundOutAndNotLent() {
        val isSilent = AtomicBoolean()
        ScriptedServer { echo(isSilent::get) }.use { server ->
            val pool = WebSocketPool(server.url) {
                pingInterval = 100.milliseconds
                pongTimeout = 200.milliseconds
            }
            play(pool) {
                val silenced = pool.withConnection {
                    send("1")
                    receiveText()
                    id
                }
                val death = async(start = CoroutineStart.UNDISPATCHED) {
                    pool.events.first { it is PoolEvent.Closing && it.id == silenced } as PoolEvent.Closing
                }
                isSilent.set(true)
                assertEquals(DestroyReason.PingTimeout, death.await().reason)
                isSilent.set(false)
                pool.withConnection { assertNotEquals(silenced, id) }
            }
        }
    }

    @Test
    fun aConnectionThatWasIdleForLongIsProvedBeforeItIsLent() {
        val peers = AtomicInteger()
        val isFirstSilent = AtomicBoolean()
        ScriptedServer {
            val isFirst = peers.incrementAndGet() == 1
            echo { isFirst && isFirstSilent.get() }
        }.use { server ->
            val pool = WebSocketPool(server.url) {
                validateAfterIdle = 1.milliseconds
                validateTimeout = 200.milliseconds
            }
            play(pool) {
                val first = pool.withConnection { id }
                yieldUntil { pool.stats.idle == 1 }
                pool.withConnection { assertEquals(first, id) } // it answers: the same again
                isFirstSilent.set(true)
                delay(1_500.milliseconds) // an age is understated by a second at most
                val second = pool.withConnection {
                    send("still there?")
                    assertEquals("still there?", receiveText())
                    id
                }
                assertNotEquals(first, second)
                assertEquals(0, pool.stats.timedOut)
            }
        }
    }

    @Test
    fun aServerThatClosesOldConnectionsIsForestalled() {
        ScriptedServer {
            upgrade()
            val end = System.nanoTime() + 2.seconds.inWholeNanoseconds
            socket.soTimeout = 2_000
            frames().takeWhile { System.nanoTime() < end }.forEach { reply(it) }
            send(PeerFrame.close(1001, "too old"))
        }.use { server ->
            val pool = WebSocketPool(server.url) {
                maxConnections = 4
                minIdle = 2
                maxLifetime = 400.milliseconds
                lifetimeJitter = 0.25
            }
            play(pool) {
                List(4) {
                    async {
                        repeat(400) {
                            pool.withConnection {
                                send("1")
                                receiveText()
                            }
                            delay(5.milliseconds)
                        }
                    }
                }.awaitAll()
                val stats = pool.stats
                assertEquals(0, stats.timedOut, "$stats")
                assertTrue(stats.destroyed.getOrDefault(DestroyReason.LifetimeReached, 0) >= 4, "$stats")
            }
        }
    }

    /** The port that a server has just left: the kernel takes its time to let go of it. */
    private suspend fun socketAt(port: Int): ServerSocket {
        while (true) {
            val socket = ServerSocket()
            try {
                socket.reuseAddress = true
                socket.bind(InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500)
                return socket
            } catch (_: BindException) {
                socket.close()
                yield()
            }
        }
    }

    private fun PeerWire.echo(isSilent: () -> Boolean = { false }) {
        upgrade()
        frames().forEach { if (!isSilent()) reply(it) }
    }

    private fun play(pool: WebSocketPool, rule: suspend CoroutineScope.() -> Unit) = runBlocking(Dispatchers.Default) {
        try {
            withTimeout(60.seconds) { rule() }
        } finally {
            pool.close()
            withTimeout(20.seconds) { pool.awaitClosed() }
        }
    }

    private suspend fun yieldUntil(condition: () -> Boolean) {
        while (!condition()) yield()
    }
}
