package dev.wspool.ktor

import dev.wspool.Lease
import dev.wspool.StreamEnd
import dev.wspool.byteStream
import dev.wspool.ktor.internal.StreamReadChannel
import dev.wspool.ktor.internal.StreamWriteChannel
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.ByteWriteChannel
import kotlin.contracts.ExperimentalContracts
import kotlin.contracts.InvocationKind
import kotlin.contracts.contract

/**
 * Runs [block] with the lease's binary messages as Ktor's byte channels, as [dev.wspool.ByteStream] has them; `localAddress`,
 * `remoteAddress` and `handshake.tlsSession` are the lease's. No coroutine is behind the channels: a read takes the next message when it
 * has none, and a flush sends.
 *
 * `output.flush()` sends what was written, in messages of at most [messageSize] bytes, `output.flushAndClose()` tells the peer besides that
 * it was all, as [end] says. The end of the block flushes, and with [StreamEnd.EmptyMessage] closes. The input is at its end where
 * the peer says so, with [StreamEnd.CloseFrame] by a close with 1000 or 1001; anything else fails it, as a text message does with
 * [dev.wspool.UnexpectedMessageException]. A read that is cancelled loses no byte.
 *
 * The lease is dirty where bytes are left in the input, the block throws or is cancelled, a channel is cancelled before its end, or, with
 * [StreamEnd.EmptyMessage], either end has not been told.
 *
 * @param end how the two ends tell each other that no more bytes come.
 * @param messageSize how many bytes are sent in one message at most, from 1 on.
 * @throws UnsupportedOperationException where the lease is not a connection of its own.
 */
@OptIn(ExperimentalContracts::class)
public suspend fun <T> Lease.byteChannels(
    end: StreamEnd = StreamEnd.CloseFrame,
    messageSize: Int = MESSAGE_SIZE,
    block: suspend (input: ByteReadChannel, output: ByteWriteChannel) -> T,
): T {
    contract { callsInPlace(block, InvocationKind.EXACTLY_ONCE) }
    val stream = byteStream(end, messageSize)
    val input = StreamReadChannel(stream)
    val output = StreamWriteChannel(stream)
    var isClean = false
    try {
        val result = block(input, output)
        output.finish()
        stream.close()
        isClean = !input.hasUnread
        return result
    } finally {
        if (!isClean) stream.abandon()
    }
}

private const val MESSAGE_SIZE = 32 * 1024
