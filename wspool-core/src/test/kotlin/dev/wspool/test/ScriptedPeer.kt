package dev.wspool.test

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.suspendCancellableCoroutine
import java.io.BufferedInputStream
import java.io.DataInputStream
import java.io.EOFException
import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.net.SocketTimeoutException
import java.nio.ByteBuffer
import java.security.MessageDigest
import java.util.Base64
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.concurrent.thread
import kotlin.coroutines.EmptyCoroutineContext

/**
 * A real WebSocket server on loopback that does what the test says, one connection and one frame at a time.
 *
 * ```
 * ScriptedPeer().use { peer ->
 *     val connecting = async { connector.connect(Endpoint(peer.url), listener) }
 *     val link = peer.accept()
 *     link.send(PeerFrame.text("hello"))
 *     link.reset()
 * }
 * ```
 * A wait for a frame that lasts longer than [patience] (milliseconds) fails, so that a connector that does nothing fails its
 * test. A call that is cancelled breaks its connection.
 */
class ScriptedPeer(private val patience: Int = 30_000) : ContractPeer {
    private val server = ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())
    private val sockets = CopyOnWriteArrayList<Socket>()
    private val arrivals = Channel<Socket>(Channel.UNLIMITED)

    override val url: String = "ws://127.0.0.1:${server.localPort}/contract"

    init {
        thread(isDaemon = true, name = "scripted peer ${server.localPort}") {
            try {
                while (true) server.accept().also { sockets += it }.let(arrivals::trySend)
            } catch (_: IOException) {
                arrivals.close()
            }
        }
    }

    override suspend fun accept(headers: Map<String, String>): PeerConnection = take().also {
        it.answer("101 Switching Protocols", UPGRADE + ("Sec-WebSocket-Accept" to it.acceptKey()) + headers)
    }

    override suspend fun acceptAndRefuse(status: Int, headers: Map<String, String>, body: String): PeerConnection = take().also {
        it.answer("$status Refused", mapOf("Content-Length" to "${body.toByteArray().size}", "Connection" to "close") + headers, body)
        it.finish()
    }

    override suspend fun acceptSilently(): PeerConnection = take()

    override fun close() {
        server.close()
        sockets.forEach { it.close() }
    }

    private suspend fun take(): ScriptedConnection {
        val socket = arrivals.receive()
        socket.soTimeout = patience
        socket.tcpNoDelay = true
        return socket.blocking { ScriptedConnection(socket) }
    }

    private companion object {
        const val BACKLOG = 50
        val UPGRADE = mapOf("Upgrade" to "websocket", "Connection" to "Upgrade")
    }
}

/** Blocks a thread of [Dispatchers.IO], which only a closed socket sets free. */
private suspend fun <T> Socket.blocking(action: () -> T): T = suspendCancellableCoroutine { caller ->
    caller.invokeOnCancellation { close() }
    Dispatchers.IO.dispatch(EmptyCoroutineContext) { caller.resumeWith(runCatching(action)) }
}

private class ScriptedConnection(private val socket: Socket) : PeerConnection {
    private val input = DataInputStream(BufferedInputStream(socket.getInputStream()))
    private val output = socket.getOutputStream()
    override val request: String = readHead()

    fun acceptKey(): String {
        val key = Regex("(?im)^Sec-WebSocket-Key: *(\\S+)").find(request)?.groupValues?.get(1).orEmpty()
        val hash = MessageDigest.getInstance("SHA-1").digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").toByteArray())
        return Base64.getEncoder().encodeToString(hash)
    }

    suspend fun answer(status: String, headers: Map<String, String>, body: String = "") {
        val head = headers.entries.joinToString("") { "${it.key}: ${it.value}\r\n" }
        socket.blocking { write("HTTP/1.1 $status\r\n$head\r\n$body".toByteArray()) }
    }

    override suspend fun send(frame: PeerFrame): Unit = socket.blocking {
        val size = frame.payload.size
        val bytes = ByteBuffer.allocate(size + 10)
        bytes.put((frame.opcode or if (frame.isFinal) FIN else 0).toByte())
        when {
            size < LENGTH_16 -> bytes.put(size.toByte())
            size <= 0xFFFF -> bytes.put(LENGTH_16.toByte()).putShort(size.toShort())
            else -> bytes.put(LENGTH_64.toByte()).putLong(size.toLong())
        }
        bytes.put(frame.payload)
        write(bytes.array().copyOf(bytes.position()))
    }

    override suspend fun receive(): PeerFrame? = socket.blocking {
        try {
            readFrame()
        } catch (e: SocketTimeoutException) {
            throw e // an open connection on which nothing came: not its end
        } catch (_: IOException) {
            null
        }
    }

    override suspend fun finish(): Unit = socket.blocking { socket.shutdownOutput() }

    override suspend fun reset(): Unit = socket.blocking {
        socket.setSoLinger(true, 0)
        socket.close()
    }

    private fun write(bytes: ByteArray) = synchronized(output) { output.write(bytes) }

    private fun readFrame(): PeerFrame {
        val first = input.readUnsignedByte()
        val second = input.readUnsignedByte()
        check(first and RESERVED == 0) { "The connector set a reserved bit: $first" }
        check(second and MASKED != 0) { "The connector sent a frame without a mask (RFC 6455, 5.1)" }
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

    private fun readHead(): String {
        val head = StringBuilder()
        while (!head.endsWith("\r\n\r\n")) head.append(input.read().also { if (it < 0) throw EOFException("No request came") }.toChar())
        return head.toString()
    }

    private companion object {
        const val FIN = 0x80
        const val RESERVED = 0x70
        const val OPCODE = 0x0F
        const val MASKED = 0x80
        const val LENGTH = 0x7F
        const val LENGTH_16 = 126
        const val LENGTH_64 = 127
    }
}
