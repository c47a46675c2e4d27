package dev.wspool.ktor.server

import dev.wspool.PoolEvent
import dev.wspool.PoolHealth
import dev.wspool.WebSocketPool
import dev.wspool.test.PeerFrame
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import dev.wspool.withConnection
import io.ktor.server.application.ApplicationStopPreparing
import io.ktor.server.application.install
import io.ktor.server.netty.Netty
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.webSocket
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.future.await
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.io.IOException
import java.net.http.HttpClient
import java.net.http.HttpResponse
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The stop of a server with pools: real engines, real clients, real sockets to the server of the pools. */
class ServerStopTest {
    /**
     * 16 requests are in the house when the stop begins: four hold a connection, some wait for one, and every other has not asked yet: it
     * asks 20 times, after the stop has begun.
     */
    @ParameterizedTest
    @EnumSource
    fun whoCameBeforeTheStopGetsHisWholeAnswer(engine: Engine) {
        val replies = CountDownLatch(1)
        val server = ScriptedServer {
            open()
            for (frame in frames()) {
                replies.await()
                reply(frame)
                if (frame.opcode == PeerFrame.CLOSE) break
            }
        }
        val arrived = Channel<Unit>(Channel.UNLIMITED)
        val stopping = CompletableDeferred<Unit>()
        server.use {
            played(
                engine,
                module = {
                    monitor.subscribe(ApplicationStopPreparing) {
                        stopping.complete(Unit)
                        replies.countDown()
                    }
                    install(WebSocketPools) { pool("prices", server.url) { maxConnections = 4 } }
                    routing {
                        get("/price/{id}") {
                            val id = call.parameters["id"]!!
                            arrived.send(Unit)
                            if (id.toInt() % 2 == 0) {
                                stopping.await()
                                while (call.application.runningPools.notReady("prices") == null) yield()
                                repeat(20) { call.webSocketPool("prices").echoed(id) }
                            }
                            call.respondText(call.webSocketPool("prices").echoed(id))
                        }
                    }
                },
            ) {
                val answers = List(16) { id -> get("/price/$id") }
                repeat(16) { arrived.receive() }
                stop()
                assertEquals(List(16) { 200 to "$it" }, answers.awaitAll().map { it.statusCode() to it.body() })
            }
        }
    }

    /**
     * Clients go on as fast as they can, on connections that are kept alive. Whatever was let in is answered as it should be; of Netty, which
     * accepts to the last and then cuts all connections at once, that can be said only of what was let in before the pools began to drain.
     */
    @ParameterizedTest
    @EnumSource
    fun aStopUnderLoadLosesNoRequestThatWasAccepted(engine: Engine) = ScriptedServer(Scripts.echo).use { server ->
        val accepted = ConcurrentHashMap.newKeySet<String>()
        val answered = ConcurrentHashMap<String, HttpResponse<String>>()
        val unanswered = ConcurrentHashMap<String, IOException>()
        val numbers = AtomicInteger()
        val busy = CompletableDeferred<Unit>()
        played(
            engine,
            module = {
                install(WebSocketPools) { pool("prices", server.url) { maxConnections = 4 } }
                routing {
                    get("/price/{id}") {
                        val id = call.parameters["id"]!!
                        val isEnding = call.webSocketPool("prices").health().status == PoolHealth.Status.Down
                        if (engine == Engine.Cio || !isEnding) accepted += id
                        if (accepted.size == 300) busy.complete(Unit)
                        call.respondText(call.webSocketPool("prices").echoed(id))
                    }
                }
            },
        ) {
            val clients = List(8) {
                async {
                    val own = HttpClient.newHttpClient()
                    while (numbers.get() < 20_000) {
                        val id = "${numbers.incrementAndGet()}"
                        try {
                            answered[id] = fetch("/price/$id", own)
                        } catch (failure: IOException) {
                            unanswered[id] = failure // the server is gone, and has not let this one in
                            break
                        }
                    }
                }
            }
            busy.await()
            stop()
            clients.awaitAll()
        }
        assertTrue(accepted.size in 300..<20_000, "${accepted.size}")
        assertEquals(emptyMap<String, IOException>(), unanswered.filterKeys { it in accepted })
        assertEquals(emptySet<String>(), accepted - answered.keys)
        for ((id, answer) in answered) {
            if (answer.statusCode() == 200) {
                assertEquals(id, answer.body())
            } else {
                assertEquals(503, answer.statusCode(), answer.body())
                assertEquals("1", answer.headers().firstValue("Retry-After").get())
            }
        }
    }

    /** A lease that nobody's request holds keeps the pool draining, so that a request meets it. */
    @ParameterizedTest
    @EnumSource
    fun whoComesWhileThePoolDrainsIsToldToTryAgain(engine: Engine) = ScriptedServer(Scripts.echo).use { server ->
        played(
            engine,
            module = {
                install(WebSocketPools) { pool("prices", server.url) }
                routing {
                    price()
                    webSocketPoolStatus()
                }
            },
        ) { application ->
            assertEquals(200, get("/price/1").await().statusCode())
            val pool = application.webSocketPool("prices")
            val lease = pool.borrow()
            val draining = async(start = CoroutineStart.UNDISPATCHED) { pool.events.filterIsInstance<PoolEvent.Draining>().first() }
            val stopped = async { stop() }
            draining.await()
            val answer = get("/price/2").await()
            assertEquals(503, answer.statusCode())
            assertEquals("1", answer.headers().firstValue("Retry-After").get())
            assertEquals("close", answer.headers().firstValue("Connection").get())
            lease.release()
            stopped.await()
            assertEquals(listOf("The pool is closed."), pool.health().reasons)
        }
    }

    /** Each is given back only when the other drains: one after the other, they would wait for their deadline. */
    @Test
    fun poolsDrainAtTheSameTime() = ScriptedServer(Scripts.echo).use { server ->
        played(
            module = {
                install(WebSocketPools) {
                    drainTimeout = 20.seconds
                    pool("prices", server.url)
                    pool("news", server.url)
                }
            },
        ) { application ->
            val pools = application.webSocketPools.values.toList()
            val held = pools.map { pool ->
                val lease = pool.borrow()
                val other = pools.single { it !== pool }
                async(start = CoroutineStart.UNDISPATCHED) {
                    other.events.filterIsInstance<PoolEvent.Draining>().first()
                    pool.health().reasons.also { lease.release() }
                }
            }
            stop()
            assertTrue(held.awaitAll().none { it == listOf("The pool is closed.") })
        }
    }

    @Test
    fun whatIsHeldForTooLongIsClosedAtTheDeadline() = ScriptedServer(Scripts.echo).use { server ->
        played(
            module = {
                install(WebSocketPools) {
                    drainTimeout = 50.milliseconds
                    pool("prices", server.url)
                }
            },
        ) { application ->
            val pool = application.webSocketPool("prices")
            pool.borrow()
            stop()
            assertEquals(listOf("The pool is closed."), pool.health().reasons)
            assertEquals(0, pool.stats.leased)
            server.awaitNoneOpen()
        }
    }

    /** A session of a WebSocket may last for days: its call does not keep the pools from draining, its lease does. */
    @Test
    fun anOpenSessionDoesNotCountAsARequest() = ScriptedServer(Scripts.echo).use { server ->
        played(
            module = {
                install(WebSockets)
                install(WebSocketPools) {
                    drainTimeout = Duration.INFINITE
                    pool("prices", server.url)
                }
                routing { webSocket("/feed") { for (frame in incoming) send(frame) } }
            },
        ) { application ->
            val pool = application.webSocketPool("prices")
            WebSocketPool(url.replace("http:", "ws:") + "/feed").use { feed ->
                feed.withConnection {
                    send("open")
                    receiveText()
                    val stopped = async { stop() }
                    pool.awaitClosed()
                    send("still open")
                    assertEquals("still open", receiveText())
                    invalidate("the server stops")
                    stopped.await()
                }
                feed.close()
                feed.awaitClosed()
            }
        }
    }
}
