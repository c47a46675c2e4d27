package dev.wspool.testkit

import java.io.DataInputStream
import java.io.IOException
import java.net.InetAddress
import java.net.Socket
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** A client that has nothing but a socket, and shows what is on the wire. */
internal class PlainClient(port: Int) : AutoCloseable {
    private val socket = Socket(InetAddress.getLoopbackAddress(), port).apply {
        soTimeout = PATIENCE
        tcpNoDelay = true
    }
    private val input = DataInputStream(socket.getInputStream())

    /** The next frame, as it came. */
    fun frame(): WireFrame {
        val first = input.readUnsignedByte()
        val second = input.readUnsignedByte()
        val size = when (val short = second and 0x7F) {
            126 -> input.readUnsignedShort().toLong()
            127 -> input.readLong()
            else -> short.toLong()
        }
        val mask = if (second and 0x80 == 0) null else ByteArray(4).also { input.readFully(it) }
        return WireFrame(first, mask, ByteArray(size.toInt()).also { input.readFully(it) })
    }

    /** Asks for the upgrade, without a word of its answer. */
    fun ask() = write("GET /path HTTP/1.1\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".toByteArray())

    /** The head of an HTTP answer, up to and with the empty line. */
    fun head(): String = buildString { while (!endsWith("\r\n\r\n")) append(input.readUnsignedByte().toChar()) }

    /** Asks for the upgrade and takes the answer, which must be the right one. */
    fun open(): PlainClient = apply {
        ask()
        val head = head()
        assertTrue(head.startsWith("HTTP/1.1 101 "), head)
        assertEquals(ACCEPT, Regex("Sec-WebSocket-Accept: (.*)\r").find(head)?.groupValues?.get(1), "RFC 6455, 1.3")
    }

    /** Sends a frame with a mask of zeros. */
    fun send(opcode: Int, payload: ByteArray = ByteArray(0)) =
        write(byteArrayOf((0x80 or opcode).toByte(), (0x80 or payload.size).toByte(), 0, 0, 0, 0) + payload)

    fun write(bytes: ByteArray) = socket.getOutputStream().write(bytes)

    fun read(): Int = input.read()

    fun readAll(): ByteArray = input.readBytes()

    /** How many bytes have arrived and are not read. */
    val arrived: Int get() = input.available()

    /** Waits no longer than a moment for what should not come. */
    fun impatient(action: () -> Unit) {
        socket.soTimeout = A_MOMENT
        action()
        socket.soTimeout = PATIENCE
    }

    fun finish() = socket.shutdownOutput()

    fun reset() {
        socket.setSoLinger(true, 0)
        socket.close()
    }

    /** How the server ends the connection: "FIN" or "RST"; what comes before is thrown away. */
    fun end(): String = try {
        input.readBytes()
        "FIN"
    } catch (e: java.net.SocketTimeoutException) {
        throw e
    } catch (_: IOException) {
        "RST"
    }

    override fun close() = socket.close()

    private companion object {
        const val PATIENCE = 20_000
        const val A_MOMENT = 50

        /** For the key of RFC 6455's own example. */
        const val ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    }
}

/** A frame as it is on the wire: its first byte, its mask, and its payload with the mask still on. */
internal class WireFrame(val first: Int, val mask: ByteArray?, val payload: ByteArray) {
    val text: String get() = payload.decodeToString()

    override fun toString() = "${first.toString(16)} ${if (mask == null) "" else "masked "}$text"
}
