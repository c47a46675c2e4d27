package dev.wspool.ktor.internal

import dev.wspool.ByteStream
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.InternalAPI
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.io.Buffer
import kotlinx.io.IOException
import kotlinx.io.Source

/** The bytes that come, as Ktor reads them: whoever finds too few in the buffer takes the next message himself. */
@OptIn(InternalAPI::class)
internal class StreamReadChannel(private val stream: ByteStream) : ByteReadChannel {
    private val buffer = Buffer()

    @Volatile
    private var isOver = false

    @Volatile
    override var closedCause: Throwable? = null
        private set

    override val isClosedForRead: Boolean get() = closedCause != null || (isOver && buffer.exhausted())

    override val readBuffer: Source
        get() {
            closedCause?.let { throw it }
            return buffer
        }

    /** Bytes that were taken from the lease, and that nobody has read. */
    val hasUnread: Boolean get() = !buffer.exhausted()

    override suspend fun awaitContent(min: Int): Boolean {
        closedCause?.let { throw it }
        while (buffer.size < min && !isOver) {
            val bytes = try {
                stream.read()
            } catch (failure: Throwable) {
                currentCoroutineContext().ensureActive() // a cancelled read has lost nothing
                closedCause = failure
                throw failure
            }
            if (bytes == null) isOver = true else buffer.write(bytes)
        }
        return buffer.size >= min
    }

    override fun cancel(cause: Throwable?) {
        if (isClosedForRead) return
        closedCause = cause?.takeUnless { it is CancellationException } ?: IOException("The input was cancelled", cause)
        stream.closeInput()
    }
}
