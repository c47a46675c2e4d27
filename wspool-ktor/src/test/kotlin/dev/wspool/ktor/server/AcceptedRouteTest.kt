package dev.wspool.ktor.server

import dev.wspool.AffinityKey
import dev.wspool.CloseInfo
import dev.wspool.ConnectionId
import dev.wspool.HandshakeFailedException
import dev.wspool.Message
import dev.wspool.WebSocketPool
import dev.wspool.announceId
import dev.wspool.borrow
import dev.wspool.broadcast
import dev.wspool.ktor.server.accept.Knock
import dev.wspool.ktor.server.accept.Knock.Companion.HANDSHAKE
import dev.wspool.ktor.server.accept.accepting
import dev.wspool.readId
import dev.wspool.withConnection
import kotlinx.coroutines.async
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Test
import java.net.InetSocketAddress
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** Connections that clients open to a Ktor server, lent by its pool. */
class AcceptedRouteTest {
    @Test
    fun whoConnectsIsLentAndAnswers() = accepting { pool, url ->
        WebSocketPool(url).use { clients ->
            val answering = List(2) { clients.borrow() }.map { lease -> launch { lease.send(lease.receiveText().uppercase()) } }
            for (text in listOf("first", "second")) {
                val lease = pool.borrow(30.seconds)
                lease.send(text)
                assertEquals(text.uppercase(), lease.receiveText())
            }
            answering.joinAll()
        }
    }

    @Test
    fun theHandshakeIsThatOfTheRfc() = accepting(gate = { subprotocols = listOf("b", "a") }) { pool, url ->
        Knock(url, *HANDSHAKE, "Sec-WebSocket-Protocol: c, a", "Sec-WebSocket-Protocol: b").use { client ->
            assertEquals(101, client.status)
            assertEquals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", client.header("Sec-WebSocket-Accept"))
            assertEquals("a", client.header("Sec-WebSocket-Protocol"))
            pool.withConnection {
                assertEquals("a", handshake.subprotocol)
                assertEquals("13", handshake.header("sec-websocket-version"))
                assertEquals("127.0.0.1", assertIs<InetSocketAddress>(remoteAddress).hostString)
                send("hello")
                assertEquals("hello", client.text())
                client.send("world")
                assertEquals("world", receiveText())
            }
        }
    }

    @Test
    fun whatIsNoHandshakeIsToldWhatIsMissing() = accepting { pool, url ->
        fun without(name: String, vararg more: String) = HANDSHAKE.filterNot { it.startsWith(name) }.toTypedArray() + more
        val answers = listOf(without("Upgrade"), without("Connection"), without("Sec-WebSocket-Version", "Sec-WebSocket-Version: 8"))
        for (headers in answers) {
            Knock(url, *headers).use {
                assertEquals(426, it.status)
                assertEquals("13", it.header("Sec-WebSocket-Version"))
            }
        }
        for (key in listOf(emptyArray(), arrayOf("Sec-WebSocket-Key: c2hvcnQ="), arrayOf("Sec-WebSocket-Key: ?"))) {
            Knock(url, *without("Sec-WebSocket-Key", *key)).use { assertEquals(400, it.status) }
        }
        assertEquals(0, pool.stats.created + pool.stats.connectFailures)
    }

    @Test
    fun bothEndsCallAConnectionByTheSameName() = accepting(configure = { onConnect { announceId() } }) { pool, url ->
        val clients = WebSocketPool(url) {
            minIdle = 5
            onConnect { readId() }
        }
        clients.use {
            val server = List(3) { pool.borrow(30.seconds) }
            for (here in server) {
                val there = clients.borrow(here.id, 30.seconds)
                here.send("${here.id}")
                assertEquals("${there.id}", there.receiveText())
            }
            assertEquals(3, server.map { it.id }.toSet().size)
        }
    }

    @Test
    fun aUsersConnectionIsForHimAlone() = accepting(
        gate = { authenticate { call -> call.request.headers["X-User"]?.let { AffinityKey(it) } } },
    ) { pool, url ->
        Knock(url, *HANDSHAKE, "X-User: ann").use { ann ->
            Knock(url, *HANDSHAKE, "X-User: bob").use { bob ->
                assertEquals(listOf(101, 101), listOf(ann.status, bob.status))
                repeat(10) {
                    pool.borrow(AffinityKey("bob"), 30.seconds).use { lease -> lease.send("for bob $it") }
                    pool.borrow(AffinityKey("ann"), 30.seconds).use { lease -> lease.send("for ann $it") }
                }
                repeat(10) { assertEquals(listOf("for ann $it", "for bob $it"), listOf(ann.text(), bob.text())) }
            }
        }
    }

    @Test
    fun aBroadcastReachesAllAtTheBoundariesOfMessages() = accepting(configure = { maxConnections = 30 }) { pool, url ->
        val clients = List(20) { Knock(url, *HANDSHAKE) }
        clients.forEach { assertEquals(101, it.status) }
        assertEquals(20, pool.warmUp(20).ready)
        val leases = List(10) { pool.borrow(30.seconds) }
        val talking = leases.map { lease -> async { repeat(20) { lease.send("talk") } } }
        repeat(20) { assertEquals(20, pool.broadcast("news").run { sent + waiting + dropped }) }
        talking.forEach { it.await() }
        leases.forEach { it.send("end") }
        for (client in clients.filter { client -> client.text() == "talk" }) {
            generateSequence { client.text() }.takeWhile { it != "end" }.forEach { assertTrue(it == "talk" || it == "news", it) }
        }
        clients.forEach { it.close() }
    }

    @Test
    fun aMessageThatIsTooLargeEndsItsConnection() = accepting(configure = { maxMessageSize = 1_000 }) { pool, url ->
        Knock(url, *HANDSHAKE).use { client ->
            assertEquals(101, client.status)
            val lease = pool.borrow(30.seconds)
            client.send(1, ByteArray(0), claimed = 1_001)
            val (opcode, payload) = client.frame()
            assertEquals(8, opcode)
            assertContentEquals(byteArrayOf(3, (CloseInfo.MESSAGE_TOO_BIG - 768).toByte()), payload.copyOf(2))
            client.awaitEnd()
            lease.release()
        }
    }

    @Test
    fun aFullPoolSaysWhenToComeAgainAndAPlaceThatIsLeftIsFree() = accepting(
        gate = { retryAfter = 7.seconds },
        configure = { maxConnections = 1 },
    ) { pool, url ->
        val first = Knock(url, *HANDSHAKE)
        assertEquals(101, first.status)
        pool.withConnection(30.seconds) {
            Knock(url, *HANDSHAKE).use { assertEquals(listOf("503", "7"), listOf("${it.status}", it.header("Retry-After"))) }
        }
        val lost = pool.borrow()
        first.close()
        lost.runCatching { receive() }
        lost.release()
        Knock(url, *HANDSHAKE).use { again ->
            assertEquals(101, again.status)
            assertNotEquals(lost.id, pool.withConnection(30.seconds) { id })
        }
    }

    @Test
    fun aDrainRefusesWhoComesAndTellsWhoIsThere() = accepting { pool, url ->
        Knock(url, *HANDSHAKE).use { client ->
            assertEquals(101, client.status)
            val lease = pool.borrow(30.seconds)
            val drain = launch { pool.drain(30.seconds) }
            while (pool.health().status.name != "Down") Thread.yield()
            Knock(url, *HANDSHAKE).use { assertEquals(503, it.status) }
            lease.send("still yours")
            assertEquals("still yours", client.text())
            lease.release()
            val (opcode, payload) = client.frame()
            assertEquals(8, opcode)
            assertContentEquals(GOING_AWAY, payload)
            client.send(8, GOING_AWAY)
            drain.join()
        }
    }

    @Test
    fun ourOwnPoolIsToldWhyItIsNotLetIn() = accepting(gate = { authenticate { refuse() } }) { _, url ->
        WebSocketPool(url).use { clients ->
            val failure = assertIs<HandshakeFailedException>(clients.runCatching { borrow(5.seconds) }.exceptionOrNull())
            assertEquals(401, failure.status)
        }
    }

    @Test
    fun aLargeMessageGoesBothWays() = accepting(configure = { maxMessageSize = 3_000_000 }) { pool, url ->
        WebSocketPool(url) { maxMessageSize = 3_000_000 }.use { clients ->
            val there = clients.borrow()
            val here = pool.borrow(30.seconds)
            val bytes = ByteArray(2_500_000) { (it * 31).toByte() }
            val receiving = async { here.receiveBinary() }
            there.send(bytes)
            assertContentEquals(bytes, receiving.await())
            val back = async { there.receiveBinary() }
            here.send(Message.Binary(bytes))
            assertContentEquals(bytes, back.await())
            assertEquals(ConnectionId(here.id.value), here.id)
        }
    }

    private companion object {
        /** 1001, as a Close frame holds it. */
        val GOING_AWAY = byteArrayOf(3, 233.toByte())
    }
}
