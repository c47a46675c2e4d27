package dev.wspool.test

import java.io.BufferedInputStream
import java.io.DataInputStream
import java.io.EOFException
import java.io.IOException
import java.net.Socket
import java.nio.ByteBuffer
import java.security.MessageDigest
import java.util.Base64

/**
 * The server's end of one WebSocket connection on a plain socket, for servers that are played by hand: it upgrades, writes
 * and reads frames, and does nothing of its own accord. All calls block, until [socket] is closed.
 */
class PeerWire(val socket: Socket) {
    private val input = DataInputStream(BufferedInputStream(socket.getInputStream()))
    private val output = socket.getOutputStream()

    /** Request line and headers as they came, read when first asked for. */
    val request: String by lazy {
        val head = StringBuilder()
        while (!head.endsWith("\r\n\r\n")) head.append(input.read().also { if (it < 0) throw EOFException("No request came") }.toChar())
        head.toString()
    }

    /** The header of the [request] that is called [name]. */
    fun header(name: String): String? = Regex("(?im)^$name: *(.*?)\r?$").find(request)?.groupValues?.get(1)

    /** Accepts the upgrade (RFC 6455, 4.2.2); [headers] replace the right ones of the same name, and null leaves one out. */
    fun upgrade(headers: Map<String, String?> = emptyMap()) {
        val hash = MessageDigest.getInstance("SHA-1").digest((header("Sec-WebSocket-Key").orEmpty() + GUID).toByteArray())
        val accept = Base64.getEncoder().encodeToString(hash)
        val right = mapOf("Upgrade" to "websocket", "Connection" to "Upgrade", "Sec-WebSocket-Accept" to accept)
        answer("101 Switching Protocols", right + headers)
    }

    /** Answers the request, which it reads before. */
    fun answer(status: String, headers: Map<String, String?> = emptyMap(), body: String = "") {
        request
        val lines = headers.filterValues { it != null }.map { "${it.key}: ${it.value}\r\n" }
        write("HTTP/1.1 $status\r\n${lines.joinToString("")}\r\n$body".toByteArray())
    }

    /** Sends one frame, allowed or not. */
    fun send(frame: PeerFrame): Unit = frame(frame.opcode or if (frame.isFinal) FIN else 0, frame.payload)

    /** Sends one frame, allowed or not, whose first byte is [first]: [FIN], reserved bits and opcode. */
    fun frame(first: Int, payload: ByteArray = ByteArray(0)) {
        val bytes = ByteBuffer.allocate(payload.size + MOST_BEFORE_PAYLOAD).put(first.toByte())
        when {
            payload.size < LENGTH_16 -> bytes.put(payload.size.toByte())
            payload.size <= 0xFFFF -> bytes.put(LENGTH_16.toByte()).putShort(payload.size.toShort())
            else -> bytes.put(LENGTH_64.toByte()).putLong(payload.size.toLong())
        }
        bytes.put(payload)
        write(bytes.array().copyOf(bytes.position()))
    }

    /** Sends [bytes] as they are; what several threads send does not mix. */
    fun write(bytes: ByteArray): Unit = synchronized(output) {
        output.write(bytes)
        output.flush()
    }

    /**
     * The next frame, its mask taken off.
     *
     * @throws IOException where the connection has ended, however it did: an [EOFException] where it was in order.
     */
    fun receive(): PeerFrame {
        val first = input.readUnsignedByte()
        val second = input.readUnsignedByte()
        check(first and RESERVED == 0) { "The client set a reserved bit: $first" }
        check(second and MASKED != 0) { "The client sent a frame without a mask (RFC 6455, 5.1)" }
        val size = when (val length = second and LENGTH) {
            LENGTH_16 -> input.readUnsignedShort()
            LENGTH_64 -> Math.toIntExact(input.readLong())
            else -> length
        }
        val mask = ByteArray(4).also { input.readFully(it) }
        val payload = ByteArray(size).also { input.readFully(it) }
        for (i in payload.indices) payload[i] = (payload[i].toInt() xor mask[i and 3].toInt()).toByte()
        return PeerFrame(first and OPCODE, payload, first and FIN != 0)
    }

    /** Reads, frames or not, until the client has ended the connection. */
    fun awaitEnd() {
        try {
            while (input.read() >= 0) continue
        } catch (_: IOException) {
            // a reset is an end too
        }
    }

    /** Breaks the connection: TCP's RST instead of its FIN. */
    fun reset() {
        socket.setSoLinger(true, 0)
        socket.close()
    }

    /** Bits of a frame's first byte. */
    companion object {
        const val FIN: Int = 0x80
        const val RSV1: Int = 0x40
        private const val RESERVED = 0x70
        private const val OPCODE = 0x0F
        private const val MASKED = 0x80
        private const val LENGTH = 0x7F
        private const val LENGTH_16 = 126
        private const val LENGTH_64 = 127
        private const val MOST_BEFORE_PAYLOAD = 10
        private const val GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    }
}
