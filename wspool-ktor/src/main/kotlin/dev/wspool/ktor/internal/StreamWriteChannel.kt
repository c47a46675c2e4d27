package dev.wspool.ktor.internal

import dev.wspool.ByteStream
import io.ktor.utils.io.ByteWriteChannel
import io.ktor.utils.io.InternalAPI
import kotlinx.coroutines.CancellationException
import kotlinx.io.Buffer
import kotlinx.io.IOException
import kotlinx.io.Sink
import kotlinx.io.readByteArray

/** The bytes that go, as Ktor writes them: gathered in a buffer until they are flushed, by Ktor's own functions where it is large. */
@OptIn(InternalAPI::class)
internal class StreamWriteChannel(private val stream: ByteStream) : ByteWriteChannel {
    private val buffer = Buffer()

    @Volatile
    private var isClosed = false

    @Volatile
    override var closedCause: Throwable? = null
        private set

    override val isClosedForWrite: Boolean get() = isClosed || closedCause != null

    override val writeBuffer: Sink
        get() {
            checkOpen()
            return buffer
        }

    override suspend fun flush() {
        checkOpen()
        send()
    }

    override suspend fun flushAndClose() {
        if (isClosed) return
        checkOpen()
        send()
        closing { stream.closeOutput() }
        isClosed = true
    }

    override fun cancel(cause: Throwable?) {
        if (isClosedForWrite) return
        closedCause = cause?.takeUnless { it is CancellationException } ?: IOException("The output was cancelled", cause)
        stream.abandon()
    }

    /** The block is over: what it has written goes out. */
    suspend fun finish() {
        if (!isClosedForWrite) send()
    }

    private suspend fun send() = closing {
        while (!buffer.exhausted()) stream.write(buffer.readByteArray(minOf(buffer.size, PIECE).toInt()))
        stream.flush()
    }

    /** A send that fails, or is cancelled, is the end of the channel: what of it has gone out, nobody knows. */
    private inline fun closing(send: () -> Unit) {
        try {
            send()
        } catch (failure: Throwable) {
            closedCause = if (failure is CancellationException) IOException("A write was cancelled", failure) else failure
            throw failure
        }
    }

    private fun checkOpen() {
        closedCause?.let { throw it }
        if (isClosed) throw IOException("The output is closed")
    }

    private companion object {
        const val PIECE = 32L * 1024
    }
}
