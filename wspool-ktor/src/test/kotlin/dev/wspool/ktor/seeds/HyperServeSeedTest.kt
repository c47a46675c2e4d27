package dev.wspool.ktor.seeds

import dev.wspool.AcceptedPool
import dev.wspool.Compression
import dev.wspool.ConnectTimeoutException
import dev.wspool.DestroyReason
import dev.wspool.TooManyWaitersException
import dev.wspool.WebSocketPool
import dev.wspool.ktor.server.accept.Knock
import dev.wspool.ktor.server.accept.Knock.Companion.HANDSHAKE
import dev.wspool.ktor.server.accept.accepting
import dev.wspool.ktor.server.webSocketPool
import dev.wspool.test.PeerFrame
import dev.wspool.test.Script
import dev.wspool.test.Scripts.echo
import dev.wspool.test.Scripts.silentAfterAccept
import dev.wspool.withConnection
import io.ktor.server.routing.routing
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What the README of HyperServe's websocket-pool example shows and promises, with this pool. */
class HyperServeSeedTest {
    private fun knock(url: String) = Knock(url, *HANDSHAKE).also { assertEquals(101, it.status) }

    @Test
    fun aConnectionOfAClientIsGotPutBackAndGotAgain() = accepting(
        configure = {
            maxConnections = 100
            maxIdle = 20
            maxIdleTime = 30.seconds
            pingInterval = 10.seconds
            connectTimeout = 5.seconds
        },
    ) { pool, url ->
        knock(url).use { client ->
            repeat(3) {
                pool.withConnection(30.seconds) {
                    send("message $it")
                    assertEquals("message $it", client.text())
                    val stats = pool.stats // total, active, idle
                    assertEquals(listOf(1, 1, 0), stats.run { listOf(total, leased, idle) })
                }
            }
            assertEquals(listOf(1, 0, 1), pool.stats.run { listOf(total, leased, idle) })
            assertEquals(listOf(1L, 2L), pool.stats.run { listOf(created, reused) })
        }
    }

    @Test
    fun eachEndpointHasItsOwnLimit() {
        val chat = AcceptedPool { maxConnections = 1 }
        accepting(module = { routing { webSocketPool("/chat", chat) } }, configure = { maxConnections = 2 }) { feed, url ->
            val atChat = url.replace("/pool", "/chat")
            val clients = listOf(knock(url), knock(url), knock(atChat))
            for (full in listOf(url, atChat)) Knock(full, *HANDSHAKE).use { assertEquals(503, it.status) }
            assertEquals(listOf(2, 1), listOf(feed.stats.total, chat.stats.total))
            clients.forEach { it.close() }
        }
    }

    @Test
    fun aClientThatAnswersNoPingIsCountedAndItsConnectionEnded() = accepting(
        configure = {
            pingInterval = 20.milliseconds
            pongTimeout = 100.milliseconds
        },
    ) { pool, url ->
        knock(url).use { deaf ->
            assertEquals(PeerFrame.PING, deaf.frame().first)
            assertEquals(1, pool.awaitStats { it.total == 0 && it.created == 1L }.destroyed[DestroyReason.PingTimeout])
        }
    }

    @Test
    fun whatLiesIdleTooLongOrIsTooManyIsClosed() {
        accepting(configure = { maxIdleTime = 50.milliseconds }) { pool, url ->
            WebSocketPool(url).use { client ->
                client.withConnection(30.seconds) { }
                assertEquals(1, pool.awaitStats { it.total == 0 && it.created == 1L }.destroyed[DestroyReason.IdleTooLong])
            }
        }
        accepting(configure = { maxIdle = 1 }) { pool, url ->
            WebSocketPool(url).use { client ->
                client.warmUp(3)
                val stats = pool.awaitStats { it.idle == 1 && it.total == 1 && it.created == 3L }
                assertEquals(2, stats.destroyed[DestroyReason.Surplus])
            }
        }
    }

    @Test
    fun aHandshakeThatTakesTooLongIsGivenUp() {
        scenario(silentAfterAccept, { connectTimeout = 100.milliseconds }) { pool, _ ->
            assertIs<ConnectTimeoutException>(pool.warmUp(1).failures.single())
        }
        accepting(
            configure = {
                connectTimeout = 100.milliseconds
                onConnect { receiveText() }
            },
        ) { pool, url ->
            knock(url).use { mute ->
                pool.awaitStats { it.connectFailures == 1L && it.total == 0 }
                mute.awaitEnd()
            }
        }
    }

    @Test
    fun compressionIsForConnectionsThatThePoolOpens() {
        val asked: Script = {
            assertTrue("permessage-deflate" in header("Sec-WebSocket-Extensions")!!, request)
            echo()
        }
        scenario(asked, { compression = Compression() }) { pool, _ ->
            pool.withConnection(30.seconds) {
                send("as it is, for a server that does not agree")
                assertEquals("as it is, for a server that does not agree", receiveText())
            }
        }
        val refusal = assertFailsWith<IllegalArgumentException> { AcceptedPool { compression = Compression() } }
        assertTrue("compression cannot be set here" in refusal.message!!, refusal.message)
    }

    @Test
    fun underHighLoadWhoWouldWaitTooLongIsRefusedAtOnce() = scenario(
        echo,
        {
            maxConnections = 1
            maxWaiting = 1
        },
    ) { pool, _ ->
        pool.borrow(30.seconds).use {
            val waiting = async(start = CoroutineStart.UNDISPATCHED) { pool.borrow(30.seconds) }
            assertFailsWith<TooManyWaitersException> { pool.borrow() }
            it.release()
            waiting.await().release()
        }
    }

    @Test
    fun aShutdownWaitsForWhoIsAtItAndTellsAllOthers() = accepting { pool, url ->
        knock(url).use { busy ->
            val lease = pool.borrow(30.seconds)
            knock(url).use { idle ->
                pool.awaitStats { it.idle == 1 }
                val shutdown = launch { pool.drain(30.seconds) }
                assertEquals(1001, idle.closeCode())
                lease.send("the last")
                assertEquals("the last", busy.text())
                lease.release()
                assertEquals(1001, busy.closeCode())
                shutdown.join()
            }
        }
    }

    /** Of the Close frame that comes next, which is answered. */
    private fun Knock.closeCode(): Int {
        val (opcode, payload) = frame()
        assertEquals(PeerFrame.CLOSE, opcode)
        send(opcode, payload)
        return PeerFrame(opcode, payload).closeCode
    }
}
