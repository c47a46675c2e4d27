package dev.wspool.testkit

import dev.wspool.CloseInfo
import dev.wspool.ConnectFailedException
import dev.wspool.ConnectRefusedException
import dev.wspool.ConnectionLostException
import dev.wspool.Endpoint
import dev.wspool.Handshake
import dev.wspool.HandshakeFailedException
import dev.wspool.Message
import dev.wspool.MessageTooBigException
import dev.wspool.transport.Capability
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.Connector
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import java.io.ByteArrayOutputStream
import java.io.DataInputStream
import java.io.EOFException
import java.io.IOException
import java.net.ConnectException
import java.net.InetSocketAddress
import java.net.Socket
import java.net.SocketAddress
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock
import kotlin.coroutines.EmptyCoroutineContext

/** The plainest connector with every capability, on blocking sockets: shows that the contract can be kept, and checks it. */
internal class SocketConnector(private val bound: Int) : Connector {
    override suspend fun connect(endpoint: Endpoint, listener: ConnectionListener): Connection {
        val socket = Socket()
        val connection = socket.blocking { open(socket, endpoint, listener) }
        connection.start()
        return connection
    }

    private fun open(socket: Socket, endpoint: Endpoint, listener: ConnectionListener): SocketConnection = try {
        socket.connect(endpoint.ipAddress?.let { InetSocketAddress(it, endpoint.port) } ?: InetSocketAddress(endpoint.host, endpoint.port))
        socket.tcpNoDelay = true
        val uri = java.net.URI(endpoint.url)
        val path = uri.rawPath.ifEmpty { "/" } + uri.rawQuery?.let { "?$it" }.orEmpty()
        val key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        val head = "GET $path HTTP/1.1\r\nHost: ${uri.host}:${endpoint.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n$key\r\n"
        socket.getOutputStream().write(head.toByteArray())
        val lines = generateSequence { socket.line().ifEmpty { null } }.toList()
        val headers = lines.drop(1).associate { it.substringBefore(':') to listOf(it.substringAfter(':').trim()) }
        val status = lines.first().split(" ")[1].toInt()
        if (status != 101) throw HandshakeFailedException("$endpoint answered $status", status, headers)
        SocketConnection(socket, listener, Handshake(headers), bound)
    } catch (e: IOException) {
        socket.close()
        throw if (e is ConnectException) ConnectRefusedException("$endpoint refused") else ConnectFailedException("$endpoint hung up")
    } catch (e: Throwable) {
        socket.close()
        throw e
    }

    private fun Socket.line(): String = buildString {
        while (true) {
            val c = getInputStream().read()
            if (c < 0) throw EOFException()
            if (c == '\n'.code) break
            if (c != '\r'.code) append(c.toChar())
        }
    }
}

private suspend fun <T> Socket.blocking(action: () -> T): T = suspendCancellableCoroutine { caller: CancellableContinuation<T> ->
    caller.invokeOnCancellation { close() }
    Dispatchers.IO.dispatch(EmptyCoroutineContext) { caller.resumeWith(runCatching(action)) }
}

private class SocketConnection(
    private val socket: Socket,
    private val listener: ConnectionListener,
    override val handshake: Handshake,
    private val bound: Int,
) : Connection {
    override val capabilities: Set<Capability> = Capability.entries.toSet()
    override val localAddress: SocketAddress? = socket.localSocketAddress
    override val remoteAddress: SocketAddress? = socket.remoteSocketAddress
    private val input = DataInputStream(socket.getInputStream().buffered())
    private val writing = Mutex()
    private val lock = ReentrantLock()
    private val resumed = lock.newCondition()
    private var resumes = 0

    @Volatile private var isAborted = false

    @Volatile private var ended: CloseInfo? = null

    @OptIn(DelicateCoroutinesApi::class)
    fun start() {
        val guard: Job = listener.scope.launch(start = CoroutineStart.ATOMIC) {
            try {
                awaitCancellation()
            } finally {
                abort()
            }
        }
        Dispatchers.IO.dispatch(EmptyCoroutineContext) {
            val (info, cause) = readAll()
            ended = info
            socket.close()
            guard.cancel()
            listener.onClosed(info, cause)
        }
    }

    override suspend fun send(message: Message) = when (message) {
        is Message.Text -> write(1, message.text.toByteArray())
        is Message.Binary -> write(2, message.bytes)
    }

    override suspend fun ping(payload: ByteArray): Unit = write(9, payload)

    override suspend fun close(code: Int, reason: String) {
        val text = reason.toByteArray()
        try {
            write(8, ByteBuffer.allocate(2 + text.size).putShort(code.toShort()).put(text).array())
        } catch (_: ConnectionLostException) {
            // harmless
        }
    }

    override fun abort() {
        isAborted = true
        socket.close()
        resumeReading()
    }

    override fun resumeReading(): Unit = lock.withLock {
        resumes++
        resumed.signalAll()
    }

    private suspend fun write(opcode: Int, payload: ByteArray): Unit = writing.withLock {
        try {
            socket.blocking { writeFrame(opcode, payload) }
        } catch (_: IOException) {
            val lost = lost()
            abort() // the reader may stand still, and would not see what the writer has
            throw lost
        }
    }

    private fun lost() = (ended ?: CloseInfo(CloseInfo.ABNORMAL)).let { ConnectionLostException("Lost: $it", it) }

    private fun writeFrame(opcode: Int, payload: ByteArray) {
        val frame = ByteBuffer.allocate(payload.size + 14).put((0x80 or opcode).toByte())
        when {
            payload.size < 126 -> frame.put((0x80 or payload.size).toByte())
            payload.size <= 0xFFFF -> frame.put((0x80 or 126).toByte()).putShort(payload.size.toShort())
            else -> frame.put((0x80 or 127).toByte()).putLong(payload.size.toLong())
        }
        frame.putInt(0).put(payload) // a mask of zeros is one
        socket.getOutputStream().let { synchronized(it) { it.write(frame.array(), 0, frame.position()) } }
    }

    private fun fail(code: Int): CloseInfo {
        writeFrame(8, ByteBuffer.allocate(2).putShort(code.toShort()).array())
        return CloseInfo(code)
    }

    private fun readAll(): Pair<CloseInfo, Throwable?> {
        val whole = ByteArrayOutputStream()
        var kind = 0
        try {
            while (true) {
                val first = input.readUnsignedByte()
                val size = when (val short = input.readUnsignedByte()) {
                    126 -> input.readUnsignedShort().toLong()
                    127 -> input.readLong()
                    else -> short.toLong()
                }
                if (whole.size() + size > bound) return fail(1009) to MessageTooBigException("Over $bound bytes", bound.toLong())
                val payload = ByteArray(size.toInt()).also { input.readFully(it) }
                when (val opcode = first and 0x0F) {
                    8 -> return closed(payload) to null
                    9 -> writeFrame(10, payload)
                    10 -> listener.onPong(payload)
                    else -> {
                        if (opcode != 0) kind = opcode
                        whole.write(payload)
                        if (first and 0x80 != 0) {
                            val bytes = whole.toByteArray().also { whole.reset() }
                            tell(if (kind == 1) Message.Text(bytes.decodeToString(0, bytes.size, true)) else Message.Binary(bytes))
                        }
                    }
                }
            }
        } catch (_: CharacterCodingException) {
            return fail(1007) to null
        } catch (e: IOException) {
            return CloseInfo(CloseInfo.ABNORMAL) to e
        }
    }

    private fun closed(payload: ByteArray): CloseInfo {
        runCatching { writeFrame(8, payload) }
        val code = if (payload.size < 2) 1005 else ByteBuffer.wrap(payload).short.toInt() and 0xFFFF
        return CloseInfo(code, payload.decodeToString(minOf(2, payload.size)))
    }

    private fun tell(message: Message) {
        val before = lock.withLock { resumes }
        if (listener.onMessage(message)) return
        lock.withLock { while (resumes == before && !isAborted) resumed.await() }
        if (isAborted) throw EOFException()
    }
}
