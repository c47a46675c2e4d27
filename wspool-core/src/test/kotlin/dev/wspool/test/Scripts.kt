package dev.wspool.test

import dev.wspool.test.PeerFrame.Companion.BINARY
import dev.wspool.test.PeerFrame.Companion.CLOSE
import dev.wspool.test.PeerFrame.Companion.CONTINUATION
import dev.wspool.test.PeerFrame.Companion.PING
import dev.wspool.test.PeerFrame.Companion.TEXT
import dev.wspool.test.PeerWire.Companion.FIN
import dev.wspool.test.PeerWire.Companion.RSV1
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/**
 * What a [ScriptedServer] plays: a fair server, and each way to be none. Import what you need: `ScriptedServer(pingFlood())`.
 *
 * A script of an open connection upgrades it first, unless that is done; so it can also be the end of a longer one:
 * ```
 * ScriptedServer {
 *     upgrade()
 *     receive(PeerFrame.TEXT)
 *     resetInMidFragment()
 * }
 * ```
 * Where it does not say otherwise, a script then reads, and ignores, what comes, until the client ends the connection.
 */
object Scripts {
    // A fair server

    /** Upgrades and listens. */
    val listen: Script = {
        open()
        awaitEnd()
    }

    /** Sends each message back, answers pings and closes. */
    val echo: Script = {
        open()
        for (frame in frames()) {
            reply(frame)
            if (frame.opcode == CLOSE) break
        }
    }

    // Instead of a handshake

    /** Accepts the connection and never says anything. */
    val silentAfterAccept: Script = { awaitEnd() }

    /** Upgrades byte by byte, with [pause] between two, and goes on as [echo]. The answer has some 130 bytes. */
    fun slowHandshake(pause: Duration = 50.milliseconds): Script = {
        upgrade(pause = pause)
        echo()
    }

    /** Answers with [status] and [headers] instead of an upgrade, as 401, 429 or 503, and hangs up. */
    fun refusal(status: Int, headers: Map<String, String> = emptyMap(), body: String = ""): Script = {
        answer("$status Refused", mapOf("Content-Length" to "${body.toByteArray().size}", "Connection" to "close") + headers, body)
        socket.shutdownOutput()
        awaitEnd()
    }

    /** Upgrades with a `Sec-WebSocket-Accept` that belongs to another key (RFC 6455, 4.1). */
    val wrongAccept: Script = {
        upgrade(mapOf("Sec-WebSocket-Accept" to "c3RhbGU="))
        awaitEnd()
    }

    /** Reads the request and hangs up: TCP's FIN. */
    val hangUp: Script = { request }

    /** Reads the request and breaks the connection within its answer: TCP's RST. */
    val resetInHandshake: Script = {
        request
        write("HTTP/1.1 101 Switching Pro".toByteArray())
        reset()
    }

    /** Does not speak HTTP. */
    val notHttp: Script = {
        request
        write("SSH-2.0-OpenSSH_9.2\r\n".toByteArray())
        awaitEnd()
    }

    // The end of a connection

    /** Ends the connection without a Close frame: TCP's FIN. */
    val endWithoutClose: Script = {
        open()
        socket.shutdownOutput()
        awaitEnd()
    }

    /** Sends the first fragment of a message, and then TCP's RST. */
    val resetInMidFragment: Script = {
        open()
        frame(TEXT, "the beginning of ".toByteArray())
        reset()
    }

    /** Sends the first half of a frame, and then TCP's FIN. */
    val endInMidFrame: Script = {
        open()
        frame(FIN or TEXT, "the beginning of a sentence".toByteArray(), size = 12)
        socket.shutdownOutput()
        awaitEnd()
    }

    /** Closes with [code] and [reason], hears the answer, and hangs up as a server does (RFC 6455, 7.1.1). */
    fun closeWith(code: Int, reason: String = ""): Script = {
        open()
        send(PeerFrame.close(code, reason))
        receive(CLOSE)
    }

    /** As [echo], but never answers a Close. */
    val noCloseReply: Script = {
        open()
        frames().filter { it.opcode != CLOSE }.forEach { reply(it) }
    }

    // A connection that is alive in name only

    /** Neither reads nor speaks any more, as a peer whose machine lost its power, until [awake] returns; then it reads. */
    fun halfOpen(awake: PeerWire.() -> Unit = { awaitClosed() }): Script = {
        open()
        awake()
        awaitEnd()
    }

    /** Reads [size] bytes at a time, with [pause] between two, and answers nothing. */
    fun slowReader(size: Int = 1_024, pause: Duration = 10.milliseconds): Script = {
        open()
        while (skip(size)) Thread.sleep(pause.inWholeMilliseconds)
    }

    // What must not be sent

    /** As [echo], but sends one message more after the first, that nobody asked for, when [released] returns. */
    fun lateFrame(released: () -> Unit = {}): Script = {
        open()
        reply(receive(TEXT))
        released()
        text("late")
        echo()
    }

    /** Sends [count] pings without a pause, and goes on as [echo]. */
    fun pingFlood(count: Int = 5_000): Script = {
        open()
        repeat(count) { frame(FIN or PING, "$it".toByteArray()) }
        echo()
    }

    /** Sends a frame with a mask, which is the client's to do (RFC 6455, 5.1). */
    val maskedFrame: Script = {
        open()
        frame(FIN or TEXT, "masked".toByteArray(), mask = byteArrayOf(1, 2, 3, 4))
        awaitEnd()
    }

    /** Sends a frame with a reserved bit, as of compression that was not negotiated (RFC 6455, 5.2). */
    val reservedBits: Script = {
        open()
        frame(FIN or RSV1 or TEXT, "compressed".toByteArray())
        awaitEnd()
    }

    /** Sends a fragment that continues nothing (RFC 6455, 5.4). */
    val strayContinuation: Script = {
        open()
        frame(FIN or CONTINUATION, "of what?".toByteArray())
        awaitEnd()
    }

    /** Sends a text that is not UTF-8 (RFC 6455, 8.1). */
    val invalidUtf8: Script = {
        open()
        frame(FIN or TEXT, byteArrayOf(0xC3.toByte(), 0x28))
        awaitEnd()
    }

    /** Sends one binary message of [size] bytes. */
    fun oversize(size: Int = 16 shl 20): Script = {
        open()
        frame(FIN or BINARY, ByteArray(size))
        awaitEnd()
    }
}
