package dev.wspool.ktor

import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.Message
import dev.wspool.test.PeerFrame
import dev.wspool.test.PeerFrame.Companion.BINARY
import dev.wspool.test.PeerFrame.Companion.CLOSE
import dev.wspool.test.PeerFrame.Companion.CONTINUATION
import dev.wspool.test.PeerFrame.Companion.PING
import dev.wspool.test.PeerWire.Companion.FIN
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts.listen
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Test
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicLong
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds

/** What is sent, how, and when, though Ktor takes all at once and goes on after a cancellation. */
class WritingTest {
    @Test
    fun senderWaitsForAPeerThatDoesNotReadThoughKtorTakesWithoutBound() {
        val readOn = CountDownLatch(1)
        ScriptedServer {
            upgrade()
            while (readOn.count > 0) text("tick")
            awaitEnd()
        }.use { server ->
            rule {
                val link = open(server.url)
                val taken = AtomicLong()
                val sender = async {
                    runCatching { repeat(256) { link.connection.send(Message.Binary(ByteArray(MIB))).also { taken.addAndGet(1) } } }
                }
                do { // until the buffers of both kernels are full, which is later than a fast reader's next ticks
                    val before = taken.get()
                    repeat(TICKS) { link.listener.awaitMessage() }
                    delay(300.milliseconds)
                } while (taken.get() > before)
                assertFalse(sender.isCompleted)
                assertTrue(taken.get() < 64, "${taken.get()} MiB taken")
                val closed = withTimeoutOrNull(50.milliseconds) { link.connection.close(1000, "") }
                assertNull(closed, "A Close is on its way past a stuck writer")
                link.connection.abort()
                assertIs<ConnectionLostException>(sender.await().exceptionOrNull())
                assertEquals(CloseInfo.ABNORMAL, link.listener.awaitClosed().code)
                readOn.countDown() // CIO keeps the socket until now
                server.awaitNoneOpen()
            }
        }
    }

    @Test
    fun largeMessageGoesInFragmentsThatAPingOvertakes() {
        val frames = CompletableDeferred<List<Int>>()
        val pinged = CountDownLatch(1)
        ScriptedServer {
            upgrade()
            pinged.await()
            val seen = ArrayList<Int>()
            for (frame in frames()) {
                seen += frame.opcode or if (frame.isFinal) FIN else 0
                if (seen.last() == FIN or CONTINUATION) break
            }
            frames.complete(seen)
            awaitEnd()
        }.use { server ->
            rule {
                val link = open(server.url)
                val sender = launch { link.connection.send(Message.Binary(ByteArray(32 * MIB))) }
                val ping = launch { link.connection.ping(ByteArray(3)) }
                ping.join()
                pinged.countDown()
                sender.join()
                val seen = frames.await()
                assertTrue(FIN or PING in seen.dropLast(1), "The ping came behind the message")
                assertEquals(listOf(BINARY) + List(32 * 16 - 2) { CONTINUATION } + (FIN or CONTINUATION), seen - (FIN or PING))
            }
        }
    }

    /** Though there is room in the middle of it, as its sender is slow to go on. */
    @Test
    fun messagesOfOthersWaitUntilALargeOneIsWhole() = ScriptedServer {
        upgrade()
        while (isFrameComing(300.milliseconds)) check(!receive().isFinal) // all that its sender has put: he goes on when we say so
        text("there is room")
        var opcode: Int
        do {
            val frame = receive()
            opcode = frame.opcode
        } while (opcode == CONTINUATION && !frame.isFinal)
        text("ended with $opcode")
        awaitEnd()
    }.use { server ->
        val goOn = CountDownLatch(1)
        val slow = Executors.newSingleThreadExecutor()
        slow.execute(goOn::await)
        rule {
            val link = open(server.url)
            val large = launch(slow.asCoroutineDispatcher(), CoroutineStart.UNDISPATCHED) {
                link.connection.send(Message.Binary(ByteArray(32 * MIB))) // more than the buffers of both kernels
            }
            assertEquals(Message.Text("there is room"), link.listener.awaitMessage())
            val small = launch(start = CoroutineStart.UNDISPATCHED) { link.connection.send(Message.Text("small")) }
            goOn.countDown()
            assertEquals(Message.Text("ended with $CONTINUATION"), link.listener.awaitMessage())
            joinAll(large, small)
            link.connection.abort()
        }
        slow.shutdown()
    }

    /** Time and again, as Ktor's writer goes on for a moment after its call is cancelled, and continues the wrong message. */
    @Test
    fun nothingIsPutBehindAMessageThatWasCutShort() {
        val mixed = AtomicLong()
        ScriptedServer {
            upgrade()
            for (frame in frames()) {
                if (frame.opcode == CONTINUATION && frame.isFinal && frame.payload.decodeToString() == "marker") mixed.incrementAndGet()
            }
        }.use { server ->
            rule {
                val long = Message.Text("x".repeat(8 * MIB))
                repeat(50) {
                    val link = open(server.url)
                    val sender = launch { link.connection.send(long) }
                    yield()
                    sender.cancelAndJoin()
                    runCatching { link.connection.send(Message.Text("marker")) }
                    link.connection.abort()
                }
                server.awaitNoneOpen()
                assertEquals(0, mixed.get())
            }
        }
    }

    @Test
    fun arrayMayChangeWhenSendHasReturned() {
        val received = CompletableDeferred<Boolean>()
        ScriptedServer {
            upgrade()
            received.complete((1..500).all { number -> receive(BINARY).payload.all { it == number.toByte() } })
            awaitEnd()
        }.use { server ->
            rule {
                val link = open(server.url)
                val bytes = ByteArray(1_000)
                for (number in 1..500) {
                    bytes.fill(number.toByte())
                    link.connection.send(Message.Binary(bytes))
                }
                assertTrue(received.await())
            }
        }
    }

    @Test
    fun whatCannotBeSentIsRefusedBeforeItIsTried() = ScriptedServer(listen).use { server ->
        rule {
            val connection = open(server.url).connection
            for (code in listOf(0, 999, 1004, 1005, 1006, 1015, 2999, 5000)) {
                val failure = assertFailsWith<IllegalArgumentException> { connection.close(code, "") }
                assertEquals("$code is no close code that may be sent", failure.message)
            }
            val long = assertFailsWith<IllegalArgumentException> { connection.close(1000, "é".repeat(62)) }
            assertEquals("A close reason holds at most 123 bytes of UTF-8, not 124", long.message)
            val ping = assertFailsWith<IllegalArgumentException> { connection.ping(ByteArray(126)) }
            assertEquals("A ping holds at most 125 bytes, not 126", ping.message)
        }
    }

    @Test
    fun messagesAfterOwnCloseAreNotReadAndTheirSenderIsHeardOut() = ScriptedServer {
        upgrade()
        text("first") // at which the listener says stop
        receive(CLOSE)
        repeat(100) { text("late $it") }
        send(PeerFrame.close(1000))
        awaitEnd()
    }.use { server ->
        rule {
            val link = open(server.url).also { it.listener.stop() }
            link.listener.awaitMessage()
            link.connection.close(4000, "enough")
            link.connection.close(4001, "harmless again")
            assertEquals(CloseInfo.NORMAL, link.listener.awaitClosed().code)
            val lost = assertFailsWith<ConnectionLostException> { link.connection.send(Message.Text("late")) }
            assertEquals(CloseInfo(CloseInfo.NORMAL), lost.closeInfo)
            assertEquals(1, link.listener.messageCount)
            server.awaitNoneOpen()
        }
    }

    private companion object {
        const val TICKS = 2_000
        const val MIB = 1 shl 20
    }
}
