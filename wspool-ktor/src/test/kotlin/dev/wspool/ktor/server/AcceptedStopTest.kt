package dev.wspool.ktor.server

import dev.wspool.AcceptedPool
import dev.wspool.PoolEvent
import dev.wspool.ktor.server.accept.Knock
import dev.wspool.ktor.server.accept.Knock.Companion.HANDSHAKE
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import dev.wspool.withConnection
import io.ktor.server.application.install
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The stop of a server that has pools of both kinds, in whatever order they were made known. */
class AcceptedStopTest {
    @ParameterizedTest
    @EnumSource
    fun aRequestThatCameBeforeTheStopBorrowsOfClientsToo(engine: Engine) {
        val arrived = CompletableDeferred<Unit>()
        AcceptedPool { closeTimeout = 100.milliseconds }.use { workers ->
            played(
                engine,
                module = {
                    routing {
                        webSocketPool("/workers", workers)
                        get("/ask") {
                            arrived.complete(Unit)
                            while (call.application.runningPools.notReady("") == null) yield()
                            call.respondText(
                                workers.withConnection {
                                    send("job")
                                    receiveText()
                                },
                            )
                        }
                    }
                    install(WebSocketPools)
                },
            ) {
                Knock("$url/workers", *HANDSHAKE).use { worker ->
                    assertEquals(101, worker.status)
                    workers.warmUp(1)
                    val answer = get("/ask")
                    arrived.await()
                    val stopped = async { stop() }
                    assertEquals(1, worker.frame().also { worker.send("done") }.first)
                    assertEquals(200 to "done", answer.await().let { it.statusCode() to it.body() })
                    stopped.await()
                }
            }
        }
    }

    /** Each is given back only when the other drains. */
    @Test
    fun poolsOfBothKindsDrainAtTheSameTime() = ScriptedServer(Scripts.echo).use { server ->
        val workers = AcceptedPool { closeTimeout = 100.milliseconds }
        played(
            module = {
                install(WebSocketPools) {
                    drainTimeout = 5.seconds
                    pool("prices", server.url)
                }
                routing { webSocketPool("/workers", workers) { drainTimeout = 5.seconds } }
            },
        ) { application ->
            Knock("$url/workers", *HANDSHAKE).use { worker ->
                assertEquals(101, worker.status)
                val pools = listOf(application.webSocketPool("prices"), workers)
                val held = pools.map { pool ->
                    val lease = pool.borrow(30.seconds)
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
    }

    @Test
    fun aStopWhileTheStartWaitsForWarmPoolsEndsBoth() {
        val asked = CompletableDeferred<Unit>()
        val silent = ScriptedServer {
            asked.complete(Unit)
            awaitEnd()
        }
        silent.use {
            lateinit var pool: dev.wspool.WebSocketPool
            val server = io.ktor.server.engine.embeddedServer(io.ktor.server.cio.CIO, port = 0, host = "127.0.0.1") {
                install(WebSocketPools) {
                    warmUpTimeout = 60.seconds
                    pool("prices", silent.url, warmUp = 1)
                }
                pool = webSocketPool("prices")
                awaitWebSocketPools()
            }
            kotlinx.coroutines.runBlocking(dev.wspool.ktor.testThreads) {
                kotlinx.coroutines.withTimeout(30.seconds) {
                    val starting = async { runCatching { server.start() } }
                    asked.await()
                    server.stop(100, 1_000)
                    pool.awaitClosed()
                    starting.await()
                }
            }
            silent.awaitNoneOpen()
        }
    }

    @Test
    fun twoServersInOneProcessAreEachOnItsOwn() = ScriptedServer(Scripts.echo).use { server ->
        val module: suspend io.ktor.server.application.Application.() -> Unit = {
            install(WebSocketPools) { pool("prices", server.url) }
            routing {
                price()
                webSocketPoolStatus()
            }
        }
        played(module = module) { one ->
            val outer = this
            kotlinx.coroutines.withContext(kotlinx.coroutines.Dispatchers.IO) {
                played(Engine.OnNetty, module) { other ->
                    assertTrue(one.webSocketPool("prices") !== other.webSocketPool("prices"))
                    assertEquals("a", outer.get("/price/a").await().body())
                    assertEquals("b", get("/price/b").await().body())
                    stop()
                    other.webSocketPool("prices").awaitClosed()
                }
            }
            assertEquals(200, get("/pools/health").await().statusCode())
            assertEquals("c", get("/price/c").await().body())
        }
    }
}
