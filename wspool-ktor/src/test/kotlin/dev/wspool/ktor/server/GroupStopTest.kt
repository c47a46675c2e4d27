package dev.wspool.ktor.server

import dev.wspool.AcceptedPool
import dev.wspool.Endpoint
import dev.wspool.PoolHealth
import dev.wspool.test.PeerFrame
import dev.wspool.test.Script
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import dev.wspool.withConnection
import io.ktor.server.application.install
import io.ktor.server.cio.CIO
import io.ktor.server.engine.embeddedServer
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.util.concurrent.CountDownLatch
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The stop of a server with groups: real engines, real clients, real sockets to the endpoints. */
class GroupStopTest {
    /** The endpoints answer once the stop has begun: some requests hold a connection then, some wait for one. */
    @ParameterizedTest
    @EnumSource
    fun whoCameBeforeTheStopGetsHisWholeAnswer(engine: Engine) {
        val replies = CountDownLatch(1)
        val script: Script = {
            open()
            for (frame in frames()) {
                replies.await()
                reply(frame)
                if (frame.opcode == PeerFrame.CLOSE) break
            }
        }
        val arrived = Channel<Unit>(Channel.UNLIMITED)
        ScriptedServer(script).use { one ->
            ScriptedServer(script).use { other ->
                played(
                    engine,
                    module = {
                        install(WebSocketPools) {
                            group("fleet", one.url, other.url) { maxConnections = 4 }
                            keyedGroup("tenants", { tenant: String -> Endpoint(if (tenant == "1") one.url else other.url) }) {
                                maxConnections = 4
                            }
                        }
                        routing {
                            get("/fleet/{id}") {
                                arrived.send(Unit)
                                call.respondText(
                                    call.webSocketPoolGroup("fleet").withConnection {
                                        send(call.parameters["id"]!!)
                                        receiveText()
                                    },
                                )
                            }
                            get("/tenants/{id}") {
                                arrived.send(Unit)
                                val id = call.parameters["id"]!!
                                call.respondText(
                                    call.webSocketKeyedPoolGroup<String>("tenants").withConnection("${id.toInt() % 2}") {
                                        send(id)
                                        receiveText()
                                    },
                                )
                            }
                        }
                    },
                ) { application ->
                    val answers = List(16) { id -> get(if (id < 8) "/fleet/$id" else "/tenants/$id") }
                    repeat(16) { arrived.receive() }
                    val stopped = async { stop() }
                    while (application.runningPools.notReady("fleet") == null) yield() // else CIO waits for connections that are kept alive
                    replies.countDown()
                    stopped.await()
                    assertEquals(List(16) { 200 to "$it" }, answers.awaitAll().map { it.statusCode() to it.body() })
                    for (group in application.webSocketPoolGroups.values) {
                        assertEquals(listOf("The group is closed."), group.health().reasons)
                    }
                }
                one.awaitNoneOpen()
                other.awaitNoneOpen()
            }
        }
    }

    /** Each is given back only when the others drain: one after the other, they would wait for their deadline. */
    @Test
    fun groupsPoolsAndAcceptedPoolsDrainAtTheSameTime() = ScriptedServer(Scripts.echo).use { server ->
        val workers = AcceptedPool()
        played(
            module = {
                install(WebSocketPools) {
                    drainTimeout = 20.seconds
                    pool("prices", server.url)
                    group("fleet", server.url)
                    keyedGroup("tenants", { _: String -> Endpoint(server.url) })
                }
                routing { webSocketPool("/workers", workers) { drainTimeout = 20.seconds } }
            },
        ) { application ->
            val pool = application.webSocketPool("prices")
            val group = application.webSocketPoolGroup("fleet")
            val keyed = application.webSocketKeyedPoolGroup<String>("tenants")
            val leases = listOf(pool.borrow(), group.borrow(), keyed.borrow("acme"))
            val stopped = async { stop() }
            val healths = listOf(pool::health, group::health, keyed::health, workers::health)
            while (healths.any { it().status != PoolHealth.Status.Down }) yield()
            val reasons = listOf(pool.health(), group.health(), keyed.health()).flatMap { it.reasons }
            assertEquals(emptyList(), reasons.filter { "closed" in it })
            leases.forEach { it.release() }
            stopped.await()
            assertEquals(listOf("The group is closed."), keyed.health().reasons)
        }
    }

    @Test
    fun whatIsHeldForTooLongIsClosedAtTheDeadline() = ScriptedServer(Scripts.echo).use { server ->
        played(
            module = {
                install(WebSocketPools) {
                    drainTimeout = 50.milliseconds
                    group("fleet", server.url)
                }
            },
        ) { application ->
            val group = application.webSocketPoolGroup("fleet")
            group.borrow()
            stop()
            assertEquals(listOf("The group is closed."), group.health().reasons)
            assertEquals(0, group.stats.leased)
            server.awaitNoneOpen()
        }
    }

    /** Its job is a child of the application's, which ends when the start fails. */
    @Test
    fun aStartThatFailsLeavesNoGroupOpen() = ScriptedServer(Scripts.echo).use { server ->
        val failed = embeddedServer(CIO, port = 0, host = "127.0.0.1") {
            install(WebSocketPools) { group("fleet", server.url) { pools { minIdle = 1 } } }
            webSocketPoolGroup("fleet").withConnection { }
            error("a later part of the module fails")
        }
        assertFailsWith<IllegalStateException> { failed.start() }
        server.awaitNoneOpen()
    }
}
