package dev.wspool.ktor.server

import dev.wspool.AcceptedPool
import dev.wspool.AffinityKey
import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.Message
import dev.wspool.PoolConfig
import dev.wspool.SlowReaders
import dev.wspool.WebSocketPool
import dev.wspool.broadcast
import dev.wspool.ktor.server.accept.Knock
import dev.wspool.ktor.server.accept.Knock.Companion.HANDSHAKE
import dev.wspool.withConnection
import io.ktor.server.application.install
import io.ktor.server.http.HttpRequestLifecycle
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.yield
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.net.Socket
import java.net.URI
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What is promised of clients that come holds with each engine. */
class AcceptedEnginesTest {
    private fun on(
        engine: Engine,
        gate: AcceptSettings.() -> Unit = {},
        configure: PoolConfig.Builder.() -> Unit = {},
        test: suspend Play.(pool: AcceptedPool, url: String) -> Unit,
    ) {
        val pool = AcceptedPool(configure)
        pool.use { played(engine, { routing { webSocketPool("/pool", pool, gate) } }) { test(pool, "$url/pool") } }
    }

    @ParameterizedTest
    @EnumSource
    fun whatAConnectionHasOfAQuotaIsItsOwnToItsEnd(engine: Engine) = on(
        engine,
        gate = {
            maxPerAddress = 2
            maxPerOwner = 1
            authenticate { call -> AffinityKey(call.request.headers["X-User"] ?: refuse()) }
        },
    ) { pool, url ->
        fun knock(user: String) = Knock(url, *HANDSHAKE, "X-User: $user")
        val ann = knock("ann")
        assertEquals(101, ann.status)
        pool.borrow(30.seconds).release()
        repeat(5) { assertEquals(429, knock("ann").use { it.status }) }
        val bob = knock("bob")
        assertEquals(101, bob.status)
        pool.warmUp(2)
        assertEquals(429, knock("eve").use { it.status })
        ann.close()
        while (knock("ann").use { it.status } != 101) yield() // the server learns of her end when it does
        bob.close()
    }

    @ParameterizedTest
    @EnumSource
    fun piecesThatAreSmallMakeNoMessageThatIsTooLarge(engine: Engine) = on(engine, configure = { maxMessageSize = 1_000 }) { pool, url ->
        Knock(url, *HANDSHAKE).use { client ->
            assertEquals(101, client.status)
            val lease = pool.borrow(30.seconds)
            client.piece(1, ByteArray(600), isLast = false)
            client.piece(0, ByteArray(600), isLast = false)
            val (opcode, payload) = client.frame()
            assertEquals(8, opcode)
            assertContentEquals(byteArrayOf(3, (CloseInfo.MESSAGE_TOO_BIG - 768).toByte()), payload.copyOf(2))
            client.awaitEnd()
            lease.release()
        }
    }

    @ParameterizedTest
    @EnumSource
    fun whoHangsInTheAuthenticationIsRefusedAndTakesNoPlace(engine: Engine) = on(
        engine,
        gate = { authenticate { call -> if (call.request.headers["X-Slow"] != null) awaitCancellation() else null } },
        configure = {
            maxConnections = 1
            connectTimeout = 500.milliseconds
        },
    ) { pool, url ->
        val slow = List(3) { Knock(url, *HANDSHAKE, "X-Slow: yes") }
        Knock(url, *HANDSHAKE).use { honest ->
            assertEquals(101, honest.status)
            pool.withConnection(30.seconds) { send("served") }
            assertEquals("served", honest.text())
        }
        assertEquals(List(3) { 503 }, slow.map { it.status })
    }

    /** None answers the Close frame, and one is borrowed for longer than there is time. */
    @ParameterizedTest
    @EnumSource
    fun aStopTellsTheConnectedAndEndsWithThem(engine: Engine) = on(
        engine,
        gate = { drainTimeout = 200.milliseconds },
        configure = { closeTimeout = 200.milliseconds },
    ) { pool, url ->
        val clients = List(3) { Knock(url, *HANDSHAKE) }
        clients.forEach { assertEquals(101, it.status) }
        pool.warmUp(3)
        pool.borrow() // and never given back
        stop()
        pool.awaitClosed()
        assertEquals(0, pool.stats.leased)
        val first = clients.map { client -> client.runCatching { frame() }.getOrNull() }
        val told = first.count { it != null && it.first == 8 && it.second.contentEquals(byteArrayOf(3, 233.toByte())) }
        assertTrue(told >= 2, "$first")
        clients.forEach { it.awaitEnd() }
    }

    /** Of 100 kB each, which is more than a socket's buffers hold; some messages wait for who is only slow. */
    @ParameterizedTest
    @EnumSource
    fun whoDoesNotReadABroadcastIsDisconnectedAndTheOthersGetAll(engine: Engine) = on(engine) { pool, url ->
        val count = 300
        val large = Message.Text("x".repeat(100_000))
        Knock(url, *HANDSHAKE).use { deaf ->
            assertEquals(101, deaf.status)
            val toDeaf = pool.borrow(30.seconds)
            WebSocketPool(url.replace("http:", "ws:")).use { clients ->
                val good = clients.borrow()
                pool.warmUp(2)
                val reading = async { List(count) { good.receiveText().length } }
                val reports = List(count) {
                    pool.broadcast(large, SlowReaders.Disconnect(waiting = count, after = 60.seconds)) { it.id != toDeaf.id }
                    pool.broadcast(large, SlowReaders.Disconnect(waiting = 8, after = 60.seconds)) { it.id == toDeaf.id }
                }
                assertTrue(reports.any { it.disconnected > 0 })
                assertFailsWith<ConnectionLostException> { toDeaf.receive() }
                assertEquals(List(count) { 100_000 }, reading.await())
                good.release()
            }
            toDeaf.release()
        }
    }

    @ParameterizedTest
    @EnumSource
    fun aRequestWhoseClientIsGoneGivesBackWhatItHasBorrowed(engine: Engine) = AcceptedPool().use { pool ->
        val asked = CompletableDeferred<Unit>()
        played(
            engine,
            {
                install(HttpRequestLifecycle) { cancelCallOnClose = true }
                routing {
                    webSocketPool("/pool", pool)
                    get("/ask") {
                        pool.withConnection {
                            send("job")
                            asked.complete(Unit)
                            receiveText()
                        }
                    }
                }
            },
        ) {
            Knock("$url/pool", *HANDSHAKE).use { worker ->
                assertEquals(101, worker.status)
                Socket("127.0.0.1", URI(url).port).use { client ->
                    client.getOutputStream().write("GET /ask HTTP/1.1\r\nHost: localhost\r\n\r\n".toByteArray())
                    asked.await()
                }
                assertEquals("job", worker.text())
                assertEquals(8, worker.frame().first) // its reply was still to come
            }
            while (pool.stats.total > 0) Thread.yield()
        }
    }
}
