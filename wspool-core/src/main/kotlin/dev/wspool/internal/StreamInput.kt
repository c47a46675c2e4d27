package dev.wspool.internal

import dev.wspool.ConnectionLostException
import dev.wspool.Message
import dev.wspool.PoolException
import dev.wspool.StreamEnd
import dev.wspool.UnexpectedMessageException
import dev.wspool.tryReceive
import kotlinx.coroutines.Job
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.job
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import java.io.IOException
import kotlin.coroutines.cancellation.CancellationException
import kotlin.time.Duration

/** The bytes that come: of a message that has been read in part, the rest; then those of the next. */
internal class StreamInput(private val lease: RealLease, private val use: StreamUse) {
    private val reading = Mutex()
    private var message = NOTHING
    private var position = 0
    private var failure: PoolException? = null

    @Volatile
    private var isClosed = false

    /** The wait of a read that waits. */
    @Volatile
    private var waiting: Job? = null

    @Volatile
    var available = 0
        private set

    @Volatile
    var timeout: Duration = Duration.INFINITE

    suspend fun read(): ByteArray? = reading.withLock {
        checkOpen()
        if (available == 0 && !fill()) return null
        val rest = if (position == 0) message else message.copyOfRange(position, message.size)
        taken(rest.size)
        rest
    }

    suspend fun read(bytes: ByteArray, offset: Int, length: Int): Int = reading.withLock {
        checkRange(bytes, offset, length)
        checkOpen()
        if (length == 0) return 0
        if (available == 0 && !fill()) return -1
        val count = minOf(length, available)
        message.copyInto(bytes, offset, position, position + count)
        taken(count)
        count
    }

    fun close() {
        if (isClosed) return
        isClosed = true
        if (!use.isInputOver) use.failed()
        wake()
    }

    /** After the end of the input, or of all the stream: a read that waits is told, as one of a socket is. */
    fun wake() {
        waiting?.cancel()
    }

    private fun checkOpen() {
        if (isClosed) throw IOException("The input of $lease is closed")
        use.checkOpen()
    }

    private fun taken(count: Int) {
        position += count
        available -= count
        if (available == 0) message = NOTHING
        use.unread(available)
    }

    /** Takes the next message; false at the end. What was received is kept without suspending again, so nothing is lost. */
    private suspend fun fill(): Boolean {
        while (true) {
            failure?.let { throw it }
            if (use.isInputOver) return false
            when (val next = receive()) {
                null -> return false
                is Message.Binary -> if (take(next.bytes)) return true
                is Message.Text -> {
                    val text = "Expected bytes on $lease, got a text message of ${next.text.length} characters"
                    throw failed(UnexpectedMessageException(text, next))
                }
            }
        }
    }

    private fun take(bytes: ByteArray): Boolean {
        if (bytes.isEmpty()) {
            if (use.end == StreamEnd.EmptyMessage) use.inputOver() // else it is no byte, and means nothing
            return false
        }
        message = bytes
        position = 0
        available = bytes.size
        use.unread(available)
        return true
    }

    private suspend fun receive(): Message? = try {
        lease.tryReceive() ?: await()
    } catch (loss: ConnectionLostException) {
        // With an agreed end a Close that comes in its place, also that of a peer who has failed, is none: half of the bytes would look whole.
        if (!loss.closeInfo.isNormal || use.end == StreamEnd.EmptyMessage) throw failed(loss)
        use.inputOver()
        null
    }

    /** In a scope of its own, which ends without its reader's being cancelled. */
    private suspend fun await(): Message {
        var received: Message? = null // kept outside of the scope, whose result is dropped where it is cancelled
        try {
            coroutineScope {
                waiting = coroutineContext.job
                checkOpen() // again: who ends it does so first, and then looks for who waits
                received = if (timeout.isInfinite()) lease.receive() else lease.receive(timeout)
            }
        } catch (cancelled: CancellationException) {
            received?.let { lease.inbox.putBack(lease, it) }
            currentCoroutineContext().ensureActive()
            checkOpen()
            throw cancelled
        } finally {
            waiting = null
        }
        return received!!
    }

    private fun failed(why: PoolException): PoolException {
        failure = why
        use.failed()
        return why
    }

    private companion object {
        val NOTHING = ByteArray(0)
    }
}

internal fun checkRange(bytes: ByteArray, offset: Int, length: Int) {
    if (offset < 0 || length < 0 || length > bytes.size - offset) {
        throw IndexOutOfBoundsException("offset $offset, length $length of an array of ${bytes.size} bytes")
    }
}
