package dev.wspool.samples.tunnel

import dev.wspool.ByteStream
import dev.wspool.ConnectionLostException
import dev.wspool.Lease
import dev.wspool.StreamEnd
import dev.wspool.awaitEnd
import dev.wspool.byteStream
import io.ktor.utils.io.ByteWriteChannel
import io.ktor.utils.io.writeFully
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch

/**
 * Carries the bytes of [socket] over this connection and back, each direction until its end: a FIN there is an empty message here. Then
 * the connection is clean, and can carry the next.
 *
 * Where it throws or is cancelled neither end has been told that it was all: the connection is dirty, and is closed, by which the other
 * end knows; [socket] is to be reset.
 */
suspend fun Lease.carry(socket: TcpSocket): Carried {
    val stream = byteStream(StreamEnd.EmptyMessage)
    return coroutineScope {
        val watch = launch { watch() }
        val sent = async { send(socket, stream) }
        val received = async { receive(stream, socket.output) }
        Carried(sent.await(), received.await()).also { watch.cancel() }
    }
}

/** How many bytes went each way. */
class Carried(val sent: Long, val received: Long)

private suspend fun send(socket: TcpSocket, stream: ByteStream): Long {
    val buffer = ByteArray(BUFFER)
    var sent = 0L
    while (true) {
        val count = socket.read(buffer)
        if (count < 0) break
        stream.write(buffer, 0, count)
        stream.flush()
        sent += count
    }
    stream.closeOutput()
    return sent
}

/** Not Ktor's `copyTo`: where that fails it closes [output], and the peer would see a FIN before the reset. */
private suspend fun receive(stream: ByteStream, output: ByteWriteChannel): Long {
    var received = 0L
    while (true) {
        val bytes = stream.read() ?: break
        output.writeFully(bytes)
        output.flush()
        received += bytes.size
    }
    output.flushAndClose()
    return received
}

/** Fails where the connection breaks: who waits for a slow reader would not notice. A Close is left to who reads up to it. */
private suspend fun Lease.watch() {
    val end = awaitEnd()
    if (!end.isNormal) throw ConnectionLostException("Connection $id broke: $end", end)
}

private const val BUFFER = 16 * 1024
