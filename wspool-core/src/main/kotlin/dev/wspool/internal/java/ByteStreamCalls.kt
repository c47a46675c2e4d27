package dev.wspool.internal.java

import dev.wspool.ByteStream
import dev.wspool.Lease
import dev.wspool.StreamEnd
import dev.wspool.byteStream
import dev.wspool.real
import kotlin.time.Duration

/** What suspends in a byte stream, as calls. Spans are in nanoseconds. */
internal object ByteStreamCalls {
    @JvmStatic fun begin(lease: Lease, end: StreamEnd, messageSize: Int): ByteStream = lease.byteStream(end, messageSize)

    /** An infinite one is the greatest number, as [Duration.inWholeNanoseconds] has it. */
    @JvmStatic fun readTimeout(stream: ByteStream): Long = stream.readTimeout.inWholeNanoseconds

    @JvmStatic
    fun setReadTimeout(stream: ByteStream, timeout: Long) {
        stream.readTimeout = span(timeout)
    }

    @JvmStatic
    fun read(lease: Lease, stream: ByteStream, bytes: ByteArray, offset: Int, length: Int): Call<Int> =
        object : StreamCall<Int>(lease, stream) {
            override suspend fun invoke() = stream.read(bytes, offset, length)

            override fun notBegun() = lease.real().let { it.inbox.giveUp(it) }
        }

    @JvmStatic
    fun write(lease: Lease, stream: ByteStream, bytes: ByteArray, offset: Int, length: Int): Call<Unit> =
        object : StreamCall<Unit>(lease, stream) {
            override suspend fun invoke() = stream.write(bytes, offset, length)
        }

    @JvmStatic
    fun flush(lease: Lease, stream: ByteStream): Call<Unit> = object : StreamCall<Unit>(lease, stream) {
        override suspend fun invoke() = stream.flush()
    }

    @JvmStatic
    fun closeOutput(lease: Lease, stream: ByteStream): Call<Unit> = object : StreamCall<Unit>(lease, stream) {
        override suspend fun invoke() = stream.closeOutput()
    }

    @JvmStatic
    fun close(lease: Lease, stream: ByteStream): Call<Unit> = object : StreamCall<Unit>(lease, stream) {
        override suspend fun invoke() = stream.close()
    }
}

/** A call that is given up before it begins leaves the stream in the middle of something. */
private abstract class StreamCall<T>(lease: Lease, private val stream: ByteStream) : Call<T>(lease.outside) {
    override fun notBegun() = stream.abandon()
}
