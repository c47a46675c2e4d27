package dev.wspool.test

import java.io.BufferedInputStream
import java.io.DataInputStream
import java.io.EOFException
import java.io.IOException
import java.net.Socket
import java.net.SocketTimeoutException
import java.nio.ByteBuffer
import java.security.MessageDigest
import java.util.Base64
import kotlin.time.Duration

/**
 * The server's end of one WebSocket connection on a plain socket, for servers that are played by hand: it upgrades, writes
 * and reads frames, and does nothing of its own accord. All calls block, until [socket] is closed.
 *
 * @property number 1 for the first connection that its server has accepted, and so on.
 */
class PeerWire(val socket: Socket, val number: Int = 1) {
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

    private var isUpgraded = false

    /** Accepts the upgrade, unless that is done: what a script begins with that may be a part of another. */
    fun open() {
        if (!isUpgraded) upgrade()
    }

    /**
     * Accepts the upgrade (RFC 6455, 4.2.2); [headers] replace the right ones of the same name, and null leaves one out.
     * With a [pause] the answer is sent byte by byte, with so much time between two.
     */
    fun upgrade(headers: Map<String, String?> = emptyMap(), pause: Duration = Duration.ZERO) {
        isUpgraded = true
        val hash = MessageDigest.getInstance("SHA-1").digest((header("Sec-WebSocket-Key").orEmpty() + GUID).toByteArray())
        val accept = Base64.getEncoder().encodeToString(hash)
        val right = mapOf("Upgrade" to "websocket", "Connection" to "Upgrade", "Sec-WebSocket-Accept" to accept)
        answer("101 Switching Protocols", right + headers, pause = pause)
    }

    /** Answers the request, which it reads before; [pause] as of [upgrade]. */
    fun answer(status: String, headers: Map<String, String?> = emptyMap(), body: String = "", pause: Duration = Duration.ZERO) {
        request
        val lines = headers.filterValues { it != null }.map { "${it.key}: ${it.value}\r\n" }
        val bytes = "HTTP/1.1 $status\r\n${lines.joinToString("")}\r\n$body".toByteArray()
        if (pause == Duration.ZERO) return write(bytes)
        for (byte in bytes) {
            write(byteArrayOf(byte))
            Thread.sleep(pause.inWholeMilliseconds)
        }
    }

    /** Sends a text message. */
    fun text(text: String): Unit = send(PeerFrame.text(text))

    /** Sends one frame, allowed or not. */
    fun send(frame: PeerFrame): Unit = frame(frame.opcode or if (frame.isFinal) FIN else 0, frame.payload)

    /**
     * Sends one frame, allowed or not.
     *
     * @param first its first byte: [FIN], reserved bits and opcode.
     * @param mask four bytes, or null for none, as it must be (RFC 6455, 5.1).
     * @param size how much of the frame is sent: all of it, or a part.
     */
    fun frame(first: Int, payload: ByteArray = ByteArray(0), mask: ByteArray? = null, size: Int = Int.MAX_VALUE) {
        val bytes = ByteBuffer.allocate(payload.size + MOST_BEFORE_PAYLOAD).put(first.toByte())
        val masked = if (mask == null) 0 else MASKED
        when {
            payload.size < LENGTH_16 -> bytes.put((masked or payload.size).toByte())
            payload.size <= 0xFFFF -> bytes.put((masked or LENGTH_16).toByte()).putShort(payload.size.toShort())
            else -> bytes.put((masked or LENGTH_64).toByte()).putLong(payload.size.toLong())
        }
        if (mask == null) bytes.put(payload) else bytes.put(mask).put(payload.unmask(mask))
        write(bytes.array().copyOf(minOf(bytes.position(), size)))
    }

    /** Masking is its own inverse (RFC 6455, 5.3). */
    private fun ByteArray.unmask(mask: ByteArray) = ByteArray(this.size) { (this[it].toInt() xor mask[it and 3].toInt()).toByte() }

    /** Sends [bytes] as they are; what several threads send does not mix. */
    fun write(bytes: ByteArray): Unit = synchronized(output) {
        output.write(bytes)
        output.flush()
    }

    /** Whether a further frame begins within [time]. Nothing of it is taken: who gives up in the midst of one can read no other. */
    fun isFrameComing(time: Duration): Boolean {
        val before = socket.soTimeout
        socket.soTimeout = time.inWholeMilliseconds.toInt()
        input.mark(1)
        return try {
            (input.read() >= 0).also { input.reset() }
        } catch (_: SocketTimeoutException) {
            false
        } finally {
            socket.soTimeout = before
        }
    }

    /**
     * The next frame, its mask taken off.
     *
     * @param mayBeCompressed whether RSV1 may be set (RFC 7692, 6).
     * @throws IOException where the connection has ended, however it did: an [EOFException] where it was in order.
     */
    fun receive(mayBeCompressed: Boolean = false): PeerFrame {
        val first = input.readUnsignedByte()
        val second = input.readUnsignedByte()
        val isCompressed = mayBeCompressed && first and RSV1 != 0
        check(first and RESERVED == if (isCompressed) RSV1 else 0) { "The client set a reserved bit: $first" }
        check(second and MASKED != 0) { "The client sent a frame without a mask (RFC 6455, 5.1)" }
        val size = when (val length = second and LENGTH) {
            LENGTH_16 -> input.readUnsignedShort()
            LENGTH_64 -> Math.toIntExact(input.readLong())
            else -> length
        }
        val mask = ByteArray(4).also { input.readFully(it) }
        val payload = ByteArray(size).also { input.readFully(it) }
        return PeerFrame(first and OPCODE, payload.unmask(mask), first and FIN != 0, isCompressed)
    }

    /** The next frame with [opcode], others being passed over; otherwise as [receive]. */
    fun receive(opcode: Int): PeerFrame {
        while (true) {
            val frame = receive()
            if (frame.opcode == opcode) return frame
        }
    }

    /** The frames that come until the connection ends, however it does. */
    fun frames(): Sequence<PeerFrame> = generateSequence {
        try {
            receive()
        } catch (_: IOException) {
            null
        }
    }

    /** Does with [frame] what a well-behaved server does that sends each message back. */
    fun reply(frame: PeerFrame): Unit = when (frame.opcode) {
        PeerFrame.PING -> send(PeerFrame.pong(frame.payload))
        PeerFrame.PONG -> Unit
        else -> send(frame) // a Close too (RFC 6455, 5.5.1)
    }

    /** Reads and throws away up to [size] bytes, frames or not. @return false where the client has ended the connection. */
    fun skip(size: Int): Boolean = input.read(ByteArray(size)) >= 0

    /** Reads, frames or not, until the client has ended the connection. */
    fun awaitEnd() {
        try {
            while (input.read() >= 0) continue
        } catch (_: IOException) {
            // a reset is an end too
        }
    }

    /** Waits, and does not even read, until this end is closed: by its [ScriptedServer]'s end, as nothing else can tell. */
    fun awaitClosed() {
        while (!socket.isClosed) Thread.sleep(A_MOMENT)
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
        private const val A_MOMENT = 5L
        private const val RESERVED = 0x70
        private const val OPCODE = 0x0F
        private const val MASKED = 0x80
        private const val LENGTH = 0x7F
        private const val LENGTH_16 = 126
        private const val LENGTH_64 = 127
        private const val MOST_BEFORE_PAYLOAD = 14
        private const val GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    }
}
