package dev.wspool.internal

import dev.wspool.Lease
import dev.wspool.StreamEnd
import dev.wspool.sendClose
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import java.io.IOException

/** The bytes that go: gathered until they fill a message, or are flushed. */
internal class StreamOutput(private val lease: Lease, private val use: StreamUse, private val messageSize: Int) {
    private val writing = Mutex()
    private var buffer: ByteArray? = null // most are made when they are needed, if ever
    private var count = 0

    /** Why nothing can be written any more: a send has failed, or was cancelled, and what it sent nobody knows. */
    private var broken: Throwable? = null

    suspend fun write(bytes: ByteArray, offset: Int, length: Int): Unit = writing.withLock {
        checkRange(bytes, offset, length)
        checkOpen()
        var from = offset
        val end = offset + length
        while (from < end) {
            val part = minOf(end - from, messageSize - count)
            if (part == messageSize) {
                send(bytes.copyOfRange(from, from + part))
                use.unsent(0)
            } else {
                bytes.copyInto(buffer(), count, from, from + part)
                count += part
                use.unsent(count)
                if (count == messageSize) sendGathered()
            }
            from += part
        }
    }

    suspend fun flush(): Unit = writing.withLock {
        checkOpen()
        sendGathered()
    }

    suspend fun flushUnlessClosed(): Unit = writing.withLock { if (!use.isOutputOver) sendGathered() }

    suspend fun close(): Unit = writing.withLock {
        if (use.isOutputOver) return
        use.checkOpen()
        sendGathered()
        if (use.end == StreamEnd.EmptyMessage) send(ByteArray(0)) else lease.sendClose()
        use.outputOver()
    }

    private fun checkOpen() {
        if (use.isOutputOver) throw IOException("The output of $lease is closed")
        use.checkOpen()
    }

    private suspend fun sendGathered() {
        if (count == 0) return checkWhole()
        send(buffer().copyOf(count)) // an engine may still have it when the next is gathered
        count = 0
        use.unsent(0)
    }

    private suspend fun send(bytes: ByteArray) {
        checkWhole()
        try {
            lease.send(bytes)
        } catch (failure: Throwable) {
            broken = failure
            use.failed()
            throw failure
        }
    }

    private fun checkWhole() {
        broken?.let { throw IOException("The output of $lease is broken: a write has failed or was cancelled", it) }
    }

    private fun buffer(): ByteArray = buffer ?: ByteArray(messageSize).also { buffer = it }
}
