package dev.wspool.testkit

import dev.wspool.test.PeerFrame.Companion.CLOSE
import dev.wspool.test.PeerFrame.Companion.PING
import dev.wspool.test.PeerFrame.Companion.TEXT
import dev.wspool.test.Script
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import org.junit.jupiter.api.Test
import java.net.SocketTimeoutException
import java.util.concurrent.CountDownLatch
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds

/** Each script does on the wire what it says. */
class ScriptsTest {
    // A fair server

    @Test
    fun listenUpgradesAndSaysNothing() = play(Scripts.listen) {
        open()
        send(TEXT, "hello".toByteArray())
        finish()
        assertEquals("", readAll().decodeToString())
    }

    @Test
    fun echoSendsBackAnswersPingsAndCloses() = play(Scripts.echo) {
        open()
        send(TEXT, "hello".toByteArray())
        send(PING, "there?".toByteArray())
        send(CLOSE, byteArrayOf(3, -24))
        assertEquals(listOf("81 hello", "8a there?"), List(2) { "${frame()}" })
        assertEquals(listOf<Byte>(3, -24), frame().payload.toList())
        assertEquals("FIN", end())
    }

    // Instead of a handshake

    @Test
    fun silentAfterAcceptAcceptsAndSaysNothing() = play(Scripts.silentAfterAccept) {
        ask()
        finish()
        assertEquals("", readAll().decodeToString())
    }

    @Test
    fun slowHandshakeSendsByteByByte() = play(Scripts.slowHandshake(1.milliseconds)) {
        ask()
        var times = 0
        val head = StringBuilder()
        while (!head.endsWith("\r\n\r\n")) {
            head.append(read().toChar())
            if (arrived == 0) times++
        }
        assertTrue(head.startsWith("HTTP/1.1 101"), "$head")
        assertTrue(times > 10, "The answer came in $times pieces")
        send(TEXT, "and then?".toByteArray())
        assertEquals("81 and then?", "${frame()}")
    }

    @Test
    fun refusalAnswersWithStatusAndHeaders() {
        for (status in listOf(401, 429, 503)) {
            play(Scripts.refusal(status, mapOf("Retry-After" to "7"), "no")) {
                ask()
                val head = head()
                assertTrue(head.startsWith("HTTP/1.1 $status "), head)
                assertTrue("Retry-After: 7\r\n" in head, head)
                assertEquals("no", readAll().decodeToString())
            }
        }
    }

    @Test
    fun wrongAcceptUpgradesWithTheHashOfAnotherKey() = play(Scripts.wrongAccept) {
        ask()
        val head = head()
        assertTrue(head.startsWith("HTTP/1.1 101 "), head)
        assertTrue("Sec-WebSocket-Accept: c3RhbGU=\r\n" in head, head)
    }

    @Test
    fun handshakesEndAsTheirScriptsSay() {
        val ends = mapOf(Scripts.hangUp to ("" to "FIN"), Scripts.resetInHandshake to ("HTTP/1.1 101 Switching Pro" to "RST"))
        for ((script, end) in ends) {
            play(script) {
                ask()
                assertEquals(end.first, String(CharArray(end.first.length) { read().toChar() }))
                assertEquals(end.second, end())
            }
        }
        play(Scripts.notHttp) {
            ask()
            finish()
            assertEquals("SSH-2.0-OpenSSH_9.2\r\n", readAll().decodeToString())
        }
    }

    // The end of a connection

    @Test
    fun endWithoutCloseIsAFin() = play(Scripts.endWithoutClose) { assertEquals("FIN", open().end()) }

    @Test
    fun resetInMidFragmentIsAnRstBehindAFragment() = play(Scripts.resetInMidFragment) {
        assertEquals("1 the beginning of ", "${open().frame()}")
        assertEquals("RST", end())
    }

    @Test
    fun endInMidFrameIsAFinWithinAFrame() = play(Scripts.endInMidFrame) {
        val sent = open().readAll()
        assertEquals(0x81.toByte(), sent[0])
        assertTrue(sent.size < 2 + sent[1], "The frame is whole")
    }

    @Test
    fun closeWithSendsItsCodeHearsTheAnswerAndHangsUp() = play(Scripts.closeWith(4001, "bye")) {
        val close = open().frame()
        assertEquals(0x88, close.first)
        assertEquals(byteArrayOf(0x0F, 0xA1.toByte()).toList() + "bye".toByteArray().toList(), close.payload.toList())
        send(CLOSE, close.payload)
        assertEquals("FIN", end())
    }

    @Test
    fun noCloseReplyAnswersAllButAClose() = play(Scripts.noCloseReply) {
        open()
        send(CLOSE, byteArrayOf(3, -24))
        send(PING, "still there?".toByteArray())
        assertEquals("8a still there?", "${frame()}")
        finish()
        assertEquals(0, readAll().size)
    }

    // A connection that is alive in name only

    @Test
    fun halfOpenDoesNotReadUntilItAwakes() {
        val awake = CountDownLatch(1)
        play(Scripts.halfOpen { awake.await() }) {
            open()
            finish()
            impatient { assertFailsWith<SocketTimeoutException> { read() } }
            awake.countDown()
            assertEquals("FIN", end())
        }
    }

    @Test
    fun halfOpenWithoutAnAwakeningEndsWithItsServer() {
        val server = ScriptedServer(Scripts.halfOpen())
        PlainClient(server.port).use { client ->
            client.open()
            server.awaitOpen(1)
            server.close()
            server.awaitNoneOpen()
            assertEquals("FIN", client.end())
        }
    }

    @Test
    fun slowReaderReadsOnAndSeesTheEnd() = play(Scripts.slowReader(1, 1.milliseconds)) {
        open()
        repeat(20) { send(PING, "are you there?".toByteArray()) }
        finish()
        assertEquals(0, readAll().size)
    }

    // What must not be sent

    @Test
    fun lateFrameComesBehindTheReplyWhenItIsTold() {
        val released = CountDownLatch(1)
        play(Scripts.lateFrame(released::await)) {
            open()
            send(TEXT, "1".toByteArray())
            assertEquals("81 1", "${frame()}")
            assertEquals(0, arrived)
            released.countDown()
            assertEquals("81 late", "${frame()}")
            send(TEXT, "2".toByteArray())
            assertEquals("81 2", "${frame()}")
        }
    }

    @Test
    fun pingFloodSendsItsPingsAndEchoes() = play(Scripts.pingFlood(300)) {
        open()
        for (number in 0 until 300) assertEquals("89 $number", "${frame()}")
        send(TEXT, "1".toByteArray())
        assertEquals("81 1", "${frame()}")
    }

    @Test
    fun maskedFrameHasAMask() = play(Scripts.maskedFrame) {
        val frame = open().frame()
        val mask = assertNotNull(frame.mask)
        assertEquals("masked", String(CharArray(6) { (frame.payload[it].toInt() xor mask[it and 3].toInt()).toChar() }))
    }

    @Test
    fun framesThatMustNotBeAreOnTheWireAsTheyAreCalled() {
        play(Scripts.reservedBits) { assertEquals("c1 compressed", "${open().frame()}") }
        play(Scripts.strayContinuation) { assertEquals("80 of what?", "${open().frame()}") }
        play(Scripts.invalidUtf8) {
            val text = open().frame().payload
            assertFailsWith<CharacterCodingException> { text.decodeToString(throwOnInvalidSequence = true) }
        }
        play(Scripts.oversize(3 shl 20)) {
            val frame = open().frame()
            assertEquals(3 shl 20, frame.payload.size)
            assertNull(frame.mask)
        }
    }

    /** Ends with the end of the script, as each must see the end of its client. */
    private fun play(script: Script, client: PlainClient.() -> Unit) = ScriptedServer(script).use { server ->
        PlainClient(server.port).use { it.client() }
        server.awaitNoneOpen()
        assertEquals(1, server.accepted)
    }
}
