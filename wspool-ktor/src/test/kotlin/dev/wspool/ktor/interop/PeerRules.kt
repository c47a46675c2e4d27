package dev.wspool.ktor.interop

import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.Lease
import dev.wspool.Message
import dev.wspool.PoolConfig
import dev.wspool.WebSocketPool
import dev.wspool.withConnection
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.BeforeAll
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestInstance
import java.util.concurrent.atomic.AtomicInteger
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotEquals
import kotlin.time.Duration.Companion.seconds

/** What holds of a pool with any peer, whatever its engine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
internal abstract class PeerRules(private val newPeer: () -> Peer, private val newEngine: () -> Engine) {
    protected lateinit var peer: Peer
        private set
    private lateinit var engine: Engine
    private val paths = AtomicInteger()

    /** The sizes of messages, in bytes, that go there and back. */
    protected open val sizes = listOf(0, 1, 125, 126, 127, 65535, 65536, 1 shl 20, 16 shl 20)

    @BeforeAll
    fun startPeer() {
        engine = newEngine()
        peer = newPeer()
        peer.start()
    }

    @AfterAll
    fun closePeer() {
        if (::peer.isInitialized) peer.close()
        engine.close()
    }

    @Test
    fun connectsAndReusesWhatItHasOpened() = rule("echo") { pool, _ ->
        repeat(2) { round ->
            pool.withConnection {
                assertEquals(round > 0, isReused)
                send("$round")
                assertEquals("$round", receiveText())
            }
        }
        assertEquals(1, pool.stats.created)
    }

    @Test
    fun textOfAnySizeComesBack() = rule("echo") { pool, _ ->
        pool.withConnection {
            for (size in sizes) {
                val text = textOf(size)
                send(text)
                assertEquals(text, receiveText(), "$size bytes of text")
            }
        }
    }

    @Test
    fun bytesOfAnySizeComeBack() = rule("echo") { pool, _ ->
        pool.withConnection {
            for (size in sizes) {
                val bytes = Random(size).nextBytes(size)
                send(bytes)
                assertEquals(Message.Binary(bytes), Message.Binary(receiveBinary()), "$size bytes")
            }
        }
    }

    @Test
    fun pingOfThePeersIsAnswered() = rule("ping") { pool, _ ->
        pool.withConnection {
            send("are you there?")
            assertEquals("pong are you there?", receiveText())
        }
    }

    @Test
    fun peerIsToldWhyAConnectionIsClosed() = rule("echo") { pool, path ->
        pool.borrow().release()
        pool.evictIdle()
        assertEquals(CloseInfo(CloseInfo.NORMAL), peer.ends.await(path))
        pool.borrow().use {
            pool.close()
            assertEquals(CloseInfo(CloseInfo.GOING_AWAY), peer.ends.await(path))
        }
    }

    @Test
    fun callerIsToldWhyThePeerClosed() = rule("close") { pool, path ->
        val end = CloseInfo(4001, "enough of it")
        val first = pool.withConnection {
            sendLast("4001 enough of it")
            assertEquals(end, assertFailsWith<ConnectionLostException> { receive() }.closeInfo)
            id
        }
        assertEquals(end.code, peer.ends.await(path).code, "the answer has the same code")
        pool.withConnection {
            assertNotEquals(first, id)
            sendLast("1000 bye")
            assertEquals(emptyList(), messages.toList(), "a normal end is the end of the messages")
            assertEquals(CloseInfo(CloseInfo.NORMAL, "bye"), closeInfo)
        }
    }

    @Test
    fun restartUnderLoadCostsNoMoreThanTheLeasesOfThatMoment() = rule("echo", { forLoad() }) { pool, _ -> Load(pool).through(peer) }

    protected fun PoolConfig.Builder.forLoad() {
        maxConnections = Load.CONNECTIONS
    }

    /** The peer closes as soon as it has it, and may have done so when CIO looks whether it has sent it: then the send tells. */
    private suspend fun Lease.sendLast(text: String) = try {
        send(text)
    } catch (_: ConnectionLostException) {
        // as the next receive will
    }

    /** Plays a rule with a pool for a path of its own; the timeouts are a safety net. */
    protected fun rule(
        kind: String,
        configure: PoolConfig.Builder.() -> Unit = {},
        play: suspend CoroutineScope.(pool: WebSocketPool, path: String) -> Unit,
    ) = runBlocking(Dispatchers.Default) {
        val path = "/$kind/${paths.incrementAndGet()}"
        val pool = engine.pool(peer.address(path), peer) {
            maxMessageSize = 16 shl 20
            connectTimeout = PATIENCE
            borrowTimeout = PATIENCE
            configure()
        }
        try {
            withTimeout(PATIENCE * 4) { play(pool, path) }
        } finally {
            pool.close()
            withTimeout(PATIENCE) { pool.awaitClosed() }
        }
    }

    /** A text of [size] bytes, whose characters have one to four. */
    private fun textOf(size: Int): String = "aä€\uD83D\uDE00".repeat(size / 10) + "z".repeat(size % 10)

    private companion object {
        /** What a machine that is busy with other things may take. */
        val PATIENCE = 30.seconds
    }
}
