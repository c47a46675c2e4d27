package dev.wspool.ktor.server

import dev.wspool.AcceptedPool
import dev.wspool.AffinityKey
import dev.wspool.IdHandshake
import dev.wspool.WebSocketPool
import dev.wspool.announceId
import dev.wspool.borrow
import dev.wspool.broadcast
import dev.wspool.ktor.server.accept.Knock
import dev.wspool.ktor.server.accept.Knock.Companion.HANDSHAKE
import dev.wspool.ktor.server.accept.accepting
import dev.wspool.ktor.testThreads
import dev.wspool.readId
import io.ktor.client.request.get
import io.ktor.server.application.install
import io.ktor.server.engine.embeddedServer
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import io.ktor.server.testing.testApplication
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.net.Inet6Address
import java.net.NetworkInterface
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What seldom happens to a pool that accepts. */
class AcceptedEdgesTest {
    @ParameterizedTest
    @EnumSource
    fun aClientOfIpv6IsKnownByItsAddress(engine: Engine) {
        val addresses = NetworkInterface.getNetworkInterfaces().asSequence().flatMap { it.inetAddresses.asSequence() }
        assumeTrue(addresses.any { it is Inet6Address && it.isLoopbackAddress })
        val inside = AcceptedPool()
        val outside = AcceptedPool()
        val server = embeddedServer(engine.factory, port = 0, host = "::1") {
            routing {
                webSocketPool("/inside", inside) { allowAddresses("::1/128") }
                webSocketPool("/outside", outside) { allowAddresses("127.0.0.0/8", "2001:db8::/32") }
            }
        }.start()
        try {
            runBlocking(testThreads) {
                val url = "ws://[::1]:${server.engine.resolvedConnectors().first().port}"
                withTimeout(30.seconds) {
                    WebSocketPool("$url/inside").use { clients ->
                        clients.borrow().use { inside.borrow(10.seconds).release() }
                    }
                    WebSocketPool("$url/outside").use { assertFailsWith<Exception> { it.borrow(3.seconds) } }
                    assertEquals(0, outside.stats.created)
                }
            }
        } finally {
            server.stop(0, 0)
        }
    }

    @Test
    fun anAuthenticationThatFailsTakesNothing() = accepting(
        gate = {
            maxPerAddress = 1
            authenticate { call -> if (call.request.headers["X-Bad"] != null) error("the directory is down") else AffinityKey("ann") }
        },
        configure = { maxConnections = 1 },
    ) { _, url ->
        repeat(5) { Knock(url, *HANDSHAKE, "X-Bad: yes").use { assertEquals(500, it.status) } }
        Knock(url, *HANDSHAKE).use { assertEquals(101, it.status) }
    }

    @Test
    fun whoWaitsForOneUserDoesNotTakeAnothers() = accepting(
        gate = { authenticate { call -> call.request.headers["X-User"]?.let { AffinityKey(it) } } },
    ) { pool, url ->
        val forAnn = async(start = CoroutineStart.UNDISPATCHED) { pool.borrow(AffinityKey("ann"), 30.seconds) }
        val forAny = async(start = CoroutineStart.UNDISPATCHED) { pool.borrow(30.seconds) }
        Knock(url, *HANDSHAKE, "X-User: bob").use { bob ->
            assertEquals(101, bob.status)
            forAny.await().use { it.send("any") }
            assertEquals("any", bob.text())
            Knock(url, *HANDSHAKE, "X-User: ann").use { ann ->
                assertEquals(101, ann.status)
                forAnn.await().use { it.send("ann") }
                assertEquals("ann", ann.text())
            }
        }
    }

    @Test
    fun npwssFormOfIdsPairs() = accepting(configure = { onConnect { announceId(IdHandshake.NPWS) } }) { pool, url ->
        WebSocketPool(url) {
            minIdle = 2
            onConnect { readId(IdHandshake.NPWS) }
        }.use { clients ->
            val here = pool.borrow(30.seconds)
            assertEquals(8, here.id.value.length)
            val there = clients.borrow(here.id, 30.seconds)
            there.send("it is me")
            assertEquals("it is me", here.receiveText())
        }
    }

    @Test
    fun aBroadcastToNobodyOrFromAClosedPoolReachesNobody() = accepting { pool, _ ->
        assertEquals("0 sent, 0 waiting, 0 dropped, 0 disconnected", pool.broadcast("news").toString())
        pool.close()
        assertEquals("0 sent, 0 waiting, 0 dropped, 0 disconnected", pool.broadcast("news").toString())
    }

    @ParameterizedTest
    @EnumSource
    fun whatIsDetachedLeavesItsPlaceToAnother(engine: Engine) = AcceptedPool { maxConnections = 1 }.use { pool ->
        played(engine, { routing { webSocketPool("/pool", pool) } }) {
            Knock("$url/pool", *HANDSHAKE).use { first ->
                assertEquals(101, first.status)
                val own = pool.borrow(30.seconds).detach()
                Knock("$url/pool", *HANDSHAKE).use { second ->
                    assertEquals(101, second.status)
                    own.send("still there")
                    assertEquals("still there", first.text())
                    pool.borrow(30.seconds).use { it.send("second") }
                    assertEquals("second", second.text())
                }
                own.close()
                assertEquals(8, first.frame().first)
            }
        }
    }

    @Test
    fun settingsOfTheRouteAreChecked() {
        val wrong = mapOf<String, AcceptSettings.() -> Unit>(
            "retryAfter must not be negative: -1s" to { retryAfter = -1.seconds },
            "drainTimeout must not be negative: -1s" to { drainTimeout = -1.seconds },
            "maxPerAddress must be at least 1, not 0" to { maxPerAddress = 0 },
            "maxAcceptsPerSecond must be positive, not NaN" to { maxAcceptsPerSecond = Double.NaN },
            "a subprotocol must be a token (RFC 6455, 4.1): [a b]" to { subprotocols = listOf("a b") },
        )
        for ((message, set) in wrong) {
            assertEquals(message, assertFailsWith<IllegalArgumentException> { AcceptSettings().set() }.message)
        }
    }

    @Test
    fun aRequestThatNoClientServesIsToldToTryAgainWhereThePluginIs() {
        val workers = AcceptedPool()
        testApplication {
            application {
                install(WebSocketPools)
                routing {
                    webSocketPool("/workers", workers)
                    get("/ask") { workers.borrow(10.milliseconds) }
                }
            }
            val answer = client.get("/ask")
            assertEquals("503 1", "${answer.status.value} ${answer.headers["Retry-After"]}")
        }
        runBlocking { withTimeout(30.seconds) { workers.awaitClosed() } }
    }
}
