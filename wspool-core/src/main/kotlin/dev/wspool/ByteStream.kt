package dev.wspool

import dev.wspool.internal.StreamInput
import dev.wspool.internal.StreamOutput
import dev.wspool.internal.StreamUse
import java.io.IOException
import java.net.SocketAddress
import kotlin.time.Duration

/**
 * The binary messages of a lease as bytes, one stream in each direction, without borders: what a socket gives. One may read while
 * another writes; of two readers, or two writers, one waits for the other.
 *
 * It uses the lease, and does not own it. A stream that was left with bytes unread or unsent, that has failed, or whose
 * [input][closeInput] was closed before its end makes the lease dirty; with [StreamEnd.EmptyMessage] also one of which either
 * end has not been told. No coroutine is behind it: what is not read is still unread on the lease.
 */
public class ByteStream internal constructor(private val lease: Lease, private val end: StreamEnd, messageSize: Int) {
    private val use = StreamUse(lease.real(), end)
    private val input = StreamInput(lease.real(), use)
    private val output = StreamOutput(lease, use, messageSize)

    /** The address of this end, or null where the engine does not tell. */
    public val localAddress: SocketAddress? get() = lease.localAddress

    /** The address of the peer, or null where the engine does not tell. */
    public val remoteAddress: SocketAddress? get() = lease.remoteAddress

    /** What TLS has agreed on; null without TLS, and where the engine does not show it. */
    public val tlsSession: TlsSession? get() = lease.handshake.tlsSession

    /** How long a read waits for bytes; then it fails, and can be tried again. Default: as long as it takes. */
    public var readTimeout: Duration
        get() = input.timeout
        set(value) {
            require(value.isPositive()) { "readTimeout must be positive, not $value" }
            input.timeout = value
        }

    /** How many bytes can be read without waiting; there may be more. */
    public val available: Int get() = input.available

    /**
     * Reads what there is, waiting until there is something: the rest of a message, never a part of the next. Cancelled, it loses
     * no byte; until a read succeeds, though, the lease is dirty.
     *
     * @return an array of the caller's own, never empty, or null at the end: the peer has said so as the stream's [StreamEnd] has it, by
     * an empty message or by a close with 1000 or 1001.
     * @throws UnexpectedMessageException where a text message came. The stream has failed.
     * @throws ReceiveTimeoutException where nothing came within [readTimeout].
     * @throws ConnectionLostException where the connection has ended otherwise.
     * @throws LeaseReleasedException after the lease's release.
     * @throws IOException after [close], [abandon] or [closeInput], also where they come while this waits.
     */
    public suspend fun read(): ByteArray? = input.read()

    /** As the other [read], into [bytes] from [offset] on. @return how many, at most [length], or -1 at the end. */
    public suspend fun read(bytes: ByteArray, offset: Int = 0, length: Int = bytes.size - offset): Int = input.read(bytes, offset, length)

    /**
     * Writes [length] bytes of [bytes] from [offset] on. They are sent when they fill a message, or by [flush]; the array may be changed
     * when this returns. A write that is cancelled, or fails, ends the output, as nobody knows what has gone out, and makes the lease dirty.
     *
     * @throws ConnectionLostException where the connection has ended.
     * @throws LeaseReleasedException after the lease's release.
     * @throws IOException after [close] or [closeOutput].
     */
    public suspend fun write(bytes: ByteArray, offset: Int = 0, length: Int = bytes.size - offset): Unit =
        output.write(bytes, offset, length)

    /** Sends what was written, as a message of its own; otherwise as [write]. Nothing written, nothing sent. */
    public suspend fun flush(): Unit = output.flush()

    /**
     * Sends what was written, and tells the peer that it was all, as the stream's [StreamEnd] says. With [StreamEnd.EmptyMessage]
     * reading goes on. Harmless when called again.
     */
    public suspend fun closeOutput(): Unit = output.close()

    /** Reads no more. Before the end, it makes the lease dirty: what still comes must not reach the next. Plain and immediate. */
    public fun closeInput(): Unit = input.close()

    /**
     * The stream is over, the lease is not: sends what was written, and with [StreamEnd.EmptyMessage] that it was all. Harmless when
     * called again, and on a stream that has failed, which it leaves as it is.
     */
    public suspend fun close() {
        try {
            if (!use.hasFailed) if (end == StreamEnd.EmptyMessage) output.close() else output.flushUnlessClosed()
        } finally {
            ended()
        }
    }

    /** The stream is over, and not as it should: the lease is dirty. Plain and immediate, harmless when called again. */
    public fun abandon() {
        use.failed()
        ended()
    }

    private fun ended() {
        use.end()
        input.wake()
    }

    override fun toString(): String = "Byte stream on $lease"
}

/**
 * The lease's binary messages as a [ByteStream]. Several may follow one another on one lease.
 *
 * @param end how the two ends tell each other that no more bytes come.
 * @param messageSize how many bytes are sent in one message at most, from 1 on. Default: 32 KiB, which peers with any bound take.
 * @throws UnsupportedOperationException where the lease is not a connection of its own.
 */
public fun Lease.byteStream(end: StreamEnd = StreamEnd.CloseFrame, messageSize: Int = DEFAULT_MESSAGE_SIZE): ByteStream {
    require(messageSize >= 1) { "messageSize must be at least 1, not $messageSize" }
    return ByteStream(this, end, messageSize)
}

internal const val DEFAULT_MESSAGE_SIZE: Int = 32 * 1024
