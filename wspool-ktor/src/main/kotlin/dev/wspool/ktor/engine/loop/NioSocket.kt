package dev.wspool.ktor.engine.loop

import dev.wspool.ktor.engine.tls.Received
import dev.wspool.ktor.engine.tls.TlsLayer
import dev.wspool.ktor.engine.toFill
import dev.wspool.ktor.engine.toRead
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.suspendCancellableCoroutine
import java.io.EOFException
import java.io.IOException
import java.net.SocketAddress
import java.net.StandardSocketOptions
import java.nio.ByteBuffer
import java.nio.channels.ClosedChannelException
import java.nio.channels.SelectionKey
import java.nio.channels.SelectionKey.OP_CONNECT
import java.nio.channels.SelectionKey.OP_READ
import java.nio.channels.SelectionKey.OP_WRITE
import java.nio.channels.SocketChannel
import java.util.concurrent.Executor
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

/** One TCP connection on an [EventLoop], with TLS or without: reads in place on the loop; see [SocketOutput] for who writes. */
internal class NioSocket(val loop: EventLoop, private val shared: Shared) : FlushList.Entry() {
    val channel: SocketChannel = SocketChannel.open()
    private val output = SocketOutput(this, shared)

    // The loop's alone
    private var key: SelectionKey? = null
    private var reader: SocketReader? = null
    private var security: Security? = null
    private var waiting: CancellableContinuation<Unit>? = null // until it is connected, or secured
    private var held: ByteBuffer? = null // what the reader has left
    private var isStopped = true
    private var isClosed = false
    private var isReleased = false
    private var releaseWaiters: List<CancellableContinuation<Unit>>? = null
    private var cause: Throwable? = null

    val localAddress: SocketAddress? get() = address { channel.localAddress }
    val remoteAddress: SocketAddress? get() = address { channel.remoteAddress }

    private inline fun address(get: () -> SocketAddress?): SocketAddress? = try {
        get()
    } catch (_: ClosedChannelException) {
        null
    }

    // ---- from any thread ----------------------------------------------------------------------------------------------

    /** Connects to [address]. @throws IOException where that fails; then it is closed, as it is where the caller is cancelled. */
    suspend fun connect(address: SocketAddress): Unit = await {
        channel.configureBlocking(false)
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true)
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true)
        val isConnected = channel.connect(address)
        key = loop.register(channel, if (isConnected) 0 else OP_CONNECT, this)
        if (isConnected) arrived()
    }

    /** Makes it a connection with TLS. @throws IOException as [connect] does. */
    suspend fun secure(layer: TlsLayer, tasks: Executor): Unit = await {
        val secured = Security(layer, this, loop, tasks, ::tell)
        security = secured
        output.encryptWith(Encryption(layer, shared.tlsBuffers, secured::runTask))
        isStopped = false
        watchFor(OP_READ)
        layer.begin()
        output.flush()
    }

    private suspend fun await(begin: () -> Unit): Unit = suspendCancellableCoroutine { continuation ->
        continuation.invokeOnCancellation { abort() }
        onLoop {
            waiting = continuation
            if (isReleased) return@onLoop onReleased()
            begin()
        }
    }

    /** From now on [reader] is told what comes, [before] all else the bytes that were read already. */
    fun readWith(reader: SocketReader, before: ByteArray = ByteArray(0)): Unit = onLoop {
        this.reader = reader
        if (before.isNotEmpty()) security?.layer?.putBack(before) ?: run { held = ByteBuffer.wrap(before) }
        if (isReleased) reader.onEnd(cause)
    }

    /** Reading goes on, if it had stopped. */
    fun resumeReading(): Unit = onLoop {
        if (isStopped) {
            isStopped = false
            goOn()
        }
    }

    /** See [SocketOutput.write]. */
    inline fun write(put: (Outbox) -> Boolean): Boolean = output.write(put)

    /** See [SocketOutput.awaitAtMost]. */
    suspend fun awaitAtMost(most: Int): Boolean = output.awaitAtMost(most)

    fun flush(): Unit = output.flush()

    /** Closes it at once, whatever is unwritten: with a reset, so that the kernel keeps nothing of it. */
    fun abort(): Unit = onLoop {
        if (!isClosed) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0)
            } catch (ended: IOException) {
                cause = ended // it has ended by itself meanwhile, and is closed all the same
            }
            close(cause, isOrderly = false)
        }
    }

    /** Returns when it is closed, and its descriptor with it. */
    suspend fun awaitRelease(): Unit = suspendCancellableCoroutine { continuation ->
        onLoop {
            if (isReleased) continuation.resume(Unit) else releaseWaiters = releaseWaiters.orEmpty() + continuation
        }
    }

    fun closeSoon(cause: Throwable?): Unit = onLoop { close(cause) }

    /** Nothing can be written any more. What the peer has said before, and why it went, is read all the same. */
    fun onWriteFailure(failure: IOException): Unit = onLoop {
        do {
            val more = !isStopped && !isClosed && read()
        } while (more)
        close(failure)
    }

    /** The kernel takes nothing more for now. */
    fun awaitWritable(): Unit = onLoop { if (!isClosed) watchFor(OP_WRITE) }

    /** What fails there ends this connection and no other. */
    private inline fun onLoop(crossinline task: () -> Unit): Unit = loop.execute {
        try {
            task()
        } catch (failure: Throwable) {
            close(failure)
        }
    }

    // ---- on the loop --------------------------------------------------------------------------------------------------

    override fun onReady(operations: Int) {
        if (operations and OP_READ != 0) attempt { read() }
        if (operations and OP_CONNECT != 0) attempt { if (channel.finishConnect()) arrived() }
        if (operations and OP_WRITE != 0 && !isClosed) {
            watchNoMoreFor(OP_WRITE)
            output.unblock()
            if (security?.layer?.isEstablished == false) goOn()
        }
    }

    override val isAnswerDue: Boolean get() = output.isAnswerDue

    override fun onFlush(): Unit = output.onFlush()

    /** False where there was nothing. */
    private fun read(): Boolean {
        val input = loop.input.toFill()
        val count = channel.read(input)
        if (count < 0) close(null)
        if (count <= 0) return false
        output.onRead()
        deliver(input.toRead())
        return true
    }

    private fun deliver(bytes: ByteBuffer) {
        val outcome = security?.receive(bytes) ?: if (tell(bytes)) Received.Hungry else Received.Stopped
        if (waiting != null && security?.layer?.isEstablished == true) arrived()
        if (outcome == Received.Hungry || isClosed) return
        if (outcome == Received.Stopped) isStopped = true // else TLS has something to do before it reads on
        if (bytes.hasRemaining()) held = ByteBuffer.allocate(bytes.remaining()).put(bytes).toRead()
        watchNoMoreFor(OP_READ)
    }

    private fun tell(bytes: ByteBuffer): Boolean = reader?.onBytes(bytes) ?: false

    /** Takes what was left, and goes on reading where that is wanted. */
    fun goOn() {
        if (isClosed) return
        output.flush()
        val left = held
        held = null
        if (left != null || security != null) attempt { deliver(left ?: Security.NOTHING) }
        if (!isStopped && !isClosed) watchFor(OP_READ)
    }

    /** What [connect] or [secure] wait for is there. */
    private fun arrived() {
        isStopped = true
        key!!.interestOps(0)
        waiting?.resume(Unit)
        waiting = null
    }

    private fun watchFor(operation: Int) {
        key!!.interestOps(key!!.interestOps() or operation)
    }

    private fun watchNoMoreFor(operation: Int) {
        key!!.interestOps(key!!.interestOps() and operation.inv())
    }

    private inline fun attempt(action: () -> Unit) {
        try {
            action()
        } catch (failure: IOException) {
            close(failure)
        }
    }

    /** See [SocketOutput.finish]. */
    fun finishOutput(): Unit = output.finish()

    /** Closes it in [nanos] nanoseconds, if the peer has not done so by then. */
    fun closeLater(nanos: Long): Unit = loop.later(nanos) { close(null) }

    override fun onFailure(failure: Throwable): Unit = close(failure)

    private fun close(cause: Throwable?, isOrderly: Boolean = true) {
        if (isClosed) return
        isClosed = true
        this.cause = cause
        try {
            output.close(isOrderly)
            security?.layer?.close()
        } finally {
            loop.released(this)
            channel.close()
        }
    }

    override fun onReleased() {
        isReleased = true
        waiting?.resumeWithException(cause ?: EOFException("The peer has ended the connection"))
        waiting = null
        reader?.onEnd(cause)
        releaseWaiters?.forEach { it.resume(Unit) }
        releaseWaiters = null
    }
}
