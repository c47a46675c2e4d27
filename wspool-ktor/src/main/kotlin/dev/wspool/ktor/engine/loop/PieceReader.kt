package dev.wspool.ktor.engine.loop

import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.suspendCancellableCoroutine
import java.io.EOFException
import java.io.IOException
import java.nio.ByteBuffer
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException

/** Reads a socket piece by piece, for one who asks for each: what comes before the first frame. */
internal class PieceReader(private val socket: NioSocket) : SocketReader {
    private var waiting: CancellableContinuation<ByteArray>? = null
    private var end: IOException? = null

    init {
        socket.readWith(this)
    }

    /** The next bytes that come. @throws IOException where none will. */
    suspend fun next(): ByteArray = suspendCancellableCoroutine { continuation ->
        val end = synchronized(this) { end.also { if (it == null) waiting = continuation } }
        if (end == null) socket.resumeReading() else continuation.resumeWithException(end)
    }

    override fun onBytes(bytes: ByteBuffer): Boolean {
        takeWaiting()?.resume(ByteArray(bytes.remaining()).also(bytes::get))
        return false // where nobody has asked, it is kept for who will
    }

    override fun onEnd(cause: Throwable?) {
        val failure = cause as? IOException ?: EOFException("The peer has ended the connection").apply { initCause(cause) }
        synchronized(this) { end = failure }
        takeWaiting()?.resumeWithException(failure)
    }

    private fun takeWaiting() = synchronized(this) { waiting.also { waiting = null } }
}
