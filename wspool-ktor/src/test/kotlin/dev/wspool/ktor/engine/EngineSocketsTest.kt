package dev.wspool.ktor.engine

import dev.wspool.CloseInfo
import dev.wspool.Endpoint
import dev.wspool.Message
import dev.wspool.ktor.Stage
import dev.wspool.ktor.rule
import dev.wspool.test.PeerFrame
import dev.wspool.test.PeerFrame.Companion.BINARY
import dev.wspool.test.PeerFrame.Companion.CLOSE
import dev.wspool.test.PeerFrame.Companion.CONTINUATION
import dev.wspool.test.PeerFrame.Companion.PING
import dev.wspool.test.PeerFrame.Companion.TEXT
import dev.wspool.test.PeerWire
import dev.wspool.test.PeerWire.Companion.FIN
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import java.io.File
import java.net.InetAddress
import java.net.NetworkInterface
import java.net.ServerSocket
import java.net.SocketException
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.nanoseconds

/** What TCP does to our engine, and what it does with TCP. */
class EngineSocketsTest {
    @Test
    fun framesAndCloseCodesThatComeByteByByteAreReadAsAnyOthers() {
        val codes = (1000..1003) + (1007..1014) + listOf(3000, 3999, 4000, 4999)
        ScriptedServer {
            upgrade(pause = 1.nanoseconds)
            for (size in SIZES) {
                val text = textOf(size)
                drip(TEXT, text.copyOf(size / 2)) // perhaps within a character
                drip(FIN or PING, "ping".toByteArray())
                drip(CONTINUATION, text.copyOfRange(size / 2, size))
                drip(FIN or CONTINUATION, ByteArray(0))
                drip(FIN or BINARY, ByteArray(size) { it.toByte() })
            }
            val code = codes[number - 1]
            drip(FIN or CLOSE, byteArrayOf((code shr 8).toByte(), code.toByte()) + "for $code".toByteArray())
            assertEquals(code, receive(CLOSE).payload.let { (it[0].toInt() and 0xff) * 256 + (it[1].toInt() and 0xff) })
        }.use { server ->
            rule {
                for (code in codes) {
                    val link = open(server.url)
                    for (size in SIZES) {
                        assertEquals(Message.Text(textOf(size).decodeToString()), link.listener.awaitMessage())
                        assertEquals(Message.Binary(ByteArray(size) { it.toByte() }), link.listener.awaitMessage())
                    }
                    assertEquals(CloseInfo(code, "for $code"), link.listener.awaitClosed())
                }
            }
        }
    }

    @Test
    fun peerIsHeldBackWhileTheListenerWantsNoMore() {
        val sent = AtomicInteger()
        ScriptedServer {
            upgrade()
            repeat(MANY) {
                frame(FIN or BINARY, ByteArray(64 * 1024))
                sent.incrementAndGet()
            }
            awaitEnd()
        }.use { server ->
            rule {
                val link = openStopped(server.url)
                var before = -1
                while (sent.get() != before) {
                    before = sent.get()
                    delay(300.milliseconds) // not for a result: so that the buffers of both kernels fill
                }
                assertTrue(before < MANY, "All $before messages were taken, with nobody to take them")
                assertTrue(link.listener.messageCount <= 2)
                link.listener.resume(link.connection)
                repeat(MANY) { link.listener.awaitMessage() }
                link.connection.abort()
            }
        }
    }

    /** Its FIN comes behind what it has sent, however late that is read. */
    @Test
    fun whatAPeerHasSentBeforeItHungUpIsRead() {
        val stopped = CountDownLatch(1)
        ScriptedServer {
            upgrade()
            stopped.await()
            repeat(3) { text("$it") }
            socket.shutdownOutput()
            awaitEnd()
        }.use { server ->
            rule {
                val link = openStopped(server.url)
                stopped.countDown()
                assertEquals(Message.Text("0"), link.listener.awaitMessage())
                link.listener.resume(link.connection)
                for (number in 1..2) assertEquals(Message.Text("$number"), link.listener.awaitMessage())
                assertEquals(CloseInfo(CloseInfo.ABNORMAL), link.listener.awaitClosed())
            }
        }
    }

    /** Though the connection may have ended before its sender goes on. */
    @Test
    fun messageThatMadeThePeerCloseHasBeenSent() = ScriptedServer {
        upgrade()
        receive(TEXT)
        send(PeerFrame.close(4001))
    }.use { server ->
        rule {
            repeat(100) {
                val link = open(server.url)
                link.connection.send(Message.Text("close"))
                assertEquals(4001, link.listener.awaitClosed().code)
            }
        }
    }

    /** The loop was busy elsewhere when the peer spoke and went, and a sender finds out first. */
    @Test
    fun lastWordsOfAPeerAreReadThoughAWriterHasFailedBefore() {
        val opened = CountDownLatch(1)
        val busy = CountDownLatch(1)
        val gone = CountDownLatch(1)
        val release = CountDownLatch(1)
        ScriptedServer {
            upgrade()
            if (number == 1) {
                opened.await()
                text("be busy")
                awaitEnd()
            } else {
                busy.await()
                text("last words")
                reset()
                gone.countDown()
            }
        }.use { server ->
            rule {
                val blocker = open(server.url)
                blocker.listener.onReceive = {
                    busy.countDown()
                    release.await()
                }
                val link = open(server.url)
                opened.countDown()
                gone.await()
                // Too much to be left to the loop.
                val sender = async(start = CoroutineStart.UNDISPATCHED) {
                    runCatching { link.connection.send(Message.Binary(ByteArray(16_384))) }
                }
                release.countDown()
                assertEquals(Message.Text("last words"), link.listener.awaitMessage())
                sender.await() // whether it heard of the end, or its message had been taken by then
                blocker.connection.abort()
            }
        }
    }

    @Test
    fun closeOfThePeerIsHeardBehindWhatNobodyTook() = ScriptedServer {
        upgrade()
        repeat(3) { text("$it") }
        receive(CLOSE)
        send(PeerFrame.close(4001))
    }.use { server ->
        rule {
            val link = openStopped(server.url)
            assertEquals(Message.Text("0"), link.listener.awaitMessage())
            link.connection.close(1000, "")
            assertEquals(4001, link.listener.awaitClosed().code)
        }
    }

    /** RFC 6455, 7.1.1 has the server end TCP; but one that does not keeps no socket of ours. */
    @Test
    fun peerThatHasSaidCloseAndDoesNotHangUpIsHungUpOn() = ScriptedServer {
        upgrade()
        send(PeerFrame.close(4000))
        awaitEnd()
    }.use { server ->
        rule {
            assertEquals(4000, open(server.url).listener.awaitClosed().code)
            server.awaitNoneOpen()
        }
    }

    /** And hears no FIN: the kernel keeps nothing of what is unsent. */
    @Test
    fun peerOfAConnectionThatIsAbortedIsReset() {
        val end = CompletableDeferred<Throwable?>()
        ScriptedServer {
            upgrade()
            end.complete(runCatching { socket.getInputStream().read() }.exceptionOrNull())
        }.use { server ->
            rule {
                open(server.url).connection.abort()
                assertIs<SocketException>(end.await())
            }
        }
    }

    @Test
    fun addressOfVersion6IsConnectedTo() {
        val loopback = InetAddress.getByName("::1")
        assumeTrue(NetworkInterface.getByInetAddress(loopback) != null, "no IPv6 here")
        ScriptedServer(ServerSocket(0, 50, loopback), script = Scripts.echo).use { server ->
            rule { echo("ws://[::1]:${server.port}/path") }
        }
    }

    /** Linux tells of the timer that this sets: 2 in the sixth column. */
    @Test
    fun kernelProbesAConnectionThatIsSilent() {
        assumeTrue(TABLES.all { File(it).exists() }, "no Linux")
        ScriptedServer(Scripts.listen).use { server ->
            rule {
                open(server.url)
                while (timerTo(server.port) != "02") delay(10.milliseconds) // 1 until the peer has acknowledged the request
            }
        }
    }

    private fun timerTo(port: Int) = TABLES.flatMap { File(it).readLines().drop(1) }.map { it.trim().split(Regex("\\s+")) }
        .single { it[2].substringAfter(':').toInt(16) == port }[5].substringBefore(':')

    private suspend fun Stage.openStopped(url: String): Stage.Link {
        val listener = listener().also { it.stop() }
        return Stage.Link(connector.connect(Endpoint(url), listener), listener)
    }

    private suspend fun Stage.echo(url: String) {
        val link = open(url)
        link.connection.send(Message.Text("hello"))
        assertEquals(Message.Text("hello"), link.listener.awaitMessage())
    }

    /** A frame, byte by byte: as [ScriptedServer] sets TCP_NODELAY, each is a segment. */
    private fun PeerWire.drip(first: Int, payload: ByteArray) {
        check(payload.size < 65_536)
        val size = payload.size
        val length = if (size < 126) byteArrayOf(size.toByte()) else byteArrayOf(126, (size shr 8).toByte(), size.toByte())
        for (byte in byteArrayOf(first.toByte()) + length + payload) write(byteArrayOf(byte))
    }

    private fun textOf(size: Int) = ("aä€\uD83D\uDE00".repeat(size / 10) + "z".repeat(size % 10)).toByteArray()

    private companion object {
        val SIZES = listOf(0, 1, 13, 125, 126, 300)
        const val MANY = 512
        val TABLES = listOf("/proc/net/tcp", "/proc/net/tcp6")
    }
}
