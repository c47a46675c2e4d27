package dev.wspool.ktor

import java.io.BufferedInputStream
import java.io.DataInputStream
import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.nio.ByteBuffer
import java.security.MessageDigest
import java.util.Base64
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.TimeUnit
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.thread
import kotlin.concurrent.withLock
import kotlin.test.assertTrue

/**
 * A server on plain sockets that plays [script] on each connection, on a thread of its own, and does nothing else: it can
 * be silent, wrong, deaf or rude, as a WebSocket library cannot.
 */
internal class ScriptedServer(
    private val server: ServerSocket = plainSocket(),
    private val scheme: String = "ws",
    private val script: Peer.() -> Unit,
) : AutoCloseable {
    private val sockets = CopyOnWriteArrayList<Socket>()
    private val lock = ReentrantLock()
    private val changed = lock.newCondition()
    private var open = 0

    val port: Int get() = server.localPort

    val url: String get() = "$scheme://127.0.0.1:$port/path"

    init {
        thread(isDaemon = true, name = "scripted server") {
            try {
                while (true) play(server.accept())
            } catch (_: IOException) {
                // closed
            }
        }
    }

    private fun play(socket: Socket) {
        sockets += socket
        count(1)
        thread(isDaemon = true, name = "scripted peer") {
            try {
                socket.use { Peer(it).script() }
            } catch (_: IOException) {
                // The client is gone, or the test is over.
            } finally {
                count(-1)
            }
        }
    }

    private fun count(change: Int) = lock.withLock {
        open += change
        changed.signalAll()
    }

    /** Waits until every script has come to its end, which, for one that ends with [Peer.awaitEnd], is that of the socket. */
    fun awaitNoneOpen() = awaitOpen(0)

    /** Waits until [number] scripts are being played. */
    fun awaitOpen(number: Int) = lock.withLock {
        var nanos = TimeUnit.SECONDS.toNanos(PATIENCE)
        while (open != number && nanos > 0) nanos = changed.awaitNanos(nanos)
        assertTrue(open == number, "$open sockets are open, not $number")
    }

    override fun close() {
        server.close()
        sockets.forEach { it.close() }
    }

    /** The server's end of one connection. All calls block. */
    class Peer(val socket: Socket) {
        private val input = DataInputStream(BufferedInputStream(socket.getInputStream()))
        private val output = socket.getOutputStream()

        /** Request line and headers, read when first asked for. */
        val request: String by lazy {
            val head = StringBuilder()
            while (!head.endsWith("\r\n\r\n")) {
                val next = input.read()
                if (next < 0) throw IOException("The client left")
                head.append(next.toChar())
            }
            head.toString()
        }

        fun header(name: String): String? = Regex("(?im)^$name: *(.*?)\r?$").find(request)?.groupValues?.get(1)

        /** Accepts the upgrade; [headers] come after the right ones and replace those of the same name. */
        fun upgrade(headers: Map<String, String?> = emptyMap()) {
            val hash = MessageDigest.getInstance("SHA-1").digest("${header("Sec-WebSocket-Key")}$GUID".toByteArray())
            val accept = Base64.getEncoder().encodeToString(hash)
            val all = mapOf("Upgrade" to "websocket", "Connection" to "Upgrade", "Sec-WebSocket-Accept" to accept) + headers
            answer("101 Switching Protocols", all)
        }

        fun answer(status: String, headers: Map<String, String?> = emptyMap(), body: String = "") {
            request
            val lines = headers.filterValues { it != null }.map { "${it.key}: ${it.value}\r\n" }
            write("HTTP/1.1 $status\r\n${lines.joinToString("")}\r\n$body".toByteArray())
        }

        /** Sends one frame. [first] is its first byte: fin, reserved bits and opcode. */
        fun frame(first: Int, payload: ByteArray = ByteArray(0)) {
            val bytes = ByteBuffer.allocate(payload.size + 10).put(first.toByte())
            when {
                payload.size < 126 -> bytes.put(payload.size.toByte())
                payload.size <= 0xFFFF -> bytes.put(126).putShort(payload.size.toShort())
                else -> bytes.put(127).putLong(payload.size.toLong())
            }
            bytes.put(payload)
            write(bytes.array().copyOf(bytes.position()))
        }

        fun text(text: String) = frame(FIN or TEXT, text.toByteArray())

        /** The next frame as first byte and unmasked payload; null at the end. */
        fun read(): Pair<Int, ByteArray>? {
            try {
                val first = input.readUnsignedByte()
                val size = when (val length = input.readUnsignedByte() and 0x7F) {
                    126 -> input.readUnsignedShort()
                    127 -> input.readLong().toInt()
                    else -> length
                }
                val mask = ByteArray(4).also { input.readFully(it) }
                val payload = ByteArray(size).also { input.readFully(it) }
                for (i in payload.indices) payload[i] = (payload[i].toInt() xor mask[i and 3].toInt()).toByte()
                return first to payload
            } catch (_: IOException) {
                return null
            }
        }

        /** The next frame with [opcode], others being passed over. */
        fun read(opcode: Int): ByteArray {
            while (true) {
                val (first, payload) = read() ?: throw IOException("The client left")
                if (first and 0xF == opcode) return payload
            }
        }

        /** The code and reason of the client's Close frame, which ends what can be read. */
        fun readClose(): Pair<Int, String> {
            val payload = read(CLOSE)
            if (payload.isEmpty()) return 1005 to ""
            return (ByteBuffer.wrap(payload).short.toInt() and 0xFFFF) to payload.decodeToString(2)
        }

        /** Reads until the client has closed its socket. */
        fun awaitEnd() {
            try {
                while (input.read() >= 0) continue
            } catch (_: IOException) {
                // a reset is an end too
            }
        }

        /** Ends the connection with RST instead of FIN. */
        fun reset() {
            socket.setSoLinger(true, 0)
            socket.close()
        }

        fun write(bytes: ByteArray) {
            output.write(bytes)
            output.flush()
        }
    }

    companion object {
        const val FIN = 0x80
        const val RSV1 = 0x40
        const val CONTINUATION = 0
        const val TEXT = 1
        const val BINARY = 2
        const val CLOSE = 8
        const val PING = 9
        const val PONG = 10
        private const val GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        private const val PATIENCE = 20L

        /** What a server does for a test that is about the client alone. */
        val upgradeAndListen: Peer.() -> Unit = {
            upgrade()
            awaitEnd()
        }

        fun plainSocket() = ServerSocket(0, 500, InetAddress.getLoopbackAddress())

        fun closePayload(code: Int, reason: String = ""): ByteArray =
            byteArrayOf((code shr 8).toByte(), code.toByte()) + reason.toByteArray()
    }
}
