package dev.wspool.ktor.engine.dial

import dev.wspool.ktor.engine.loop.NioSocket
import dev.wspool.ktor.engine.loop.PieceReader
import dev.wspool.ktor.internal.BODY_TIME
import io.ktor.http.Headers
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpProtocolVersion
import io.ktor.http.cio.ConnectionOptions
import io.ktor.http.cio.parseHttpBody
import io.ktor.utils.io.ByteChannel
import io.ktor.utils.io.ByteReadChannel
import kotlinx.coroutines.withTimeoutOrNull
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.net.ProtocolException

/** Requests and their responses on a socket that frames, or TLS, will be on afterwards. */
internal class HttpExchange(private val socket: NioSocket) {
    private val pieces = PieceReader(socket)
    private val received = ByteArrayOutputStream()

    /** What has come behind what was asked for. */
    fun rest(): ByteArray = received.toByteArray()

    fun send(request: ByteArray) {
        socket.write { outbox ->
            outbox.putRaw(request)
            true
        }
    }

    /** Reads the head of the next response. @throws java.io.IOException where the connection ends before. */
    suspend fun head(): HttpHead {
        while (true) {
            val bytes = received.toByteArray()
            val end = bytes.indexOfEnd()
            if (end < 0 && mayBecomeHead(bytes)) {
                if (bytes.size > LARGEST_HEAD) throw ProtocolException("The head of the response is longer than $LARGEST_HEAD bytes")
                received.write(pieces.next())
                continue
            }
            received.reset()
            if (end >= 0) received.write(bytes, end, bytes.size - end)
            return HttpHead.parse(if (end < 0) bytes else bytes.copyOf(end))
        }
    }

    /** False where the first line is whole and no status line of HTTP/1: nothing that comes will mend that. */
    private fun mayBecomeHead(bytes: ByteArray): Boolean {
        val line = String(bytes, 0, minOf(bytes.size, PREFIX.length), Charsets.ISO_8859_1)
        return PREFIX.startsWith(line) || (bytes.indexOf('\n'.code.toByte()) < 0 && bytes.size < LARGEST_HEAD)
    }

    /** The body of a refusal, or what comes of it within [BODY_TIME] and [LARGEST_BODY] bytes. */
    suspend fun body(headers: Headers): ByteReadChannel {
        val encoding = headers[HttpHeaders.TransferEncoding]
        if (encoding.equals("chunked", ignoreCase = true)) return chunked(encoding)
        // Where it has no length, or one that is none, the body is all that comes until the connection ends.
        val length = headers[HttpHeaders.ContentLength]?.toLongOrNull()?.takeIf { it >= 0 } ?: Long.MAX_VALUE
        receiveUntil { received.size() >= length }
        return ByteReadChannel(rest().let { it.copyOf(minOf(it.size.toLong(), length).toInt()) })
    }

    private suspend fun chunked(encoding: CharSequence?): ByteReadChannel {
        receiveUntil { rest().takeLast(LAST_CHUNK.size) == LAST_CHUNK }
        val body = ByteChannel()
        try {
            parseHttpBody(HttpProtocolVersion.HTTP_1_1, -1, encoding, ConnectionOptions.Close, ByteReadChannel(rest()), body)
        } catch (_: IOException) {
            // Cut short, by the peer or by our bounds. What has come of it is there.
        } finally {
            body.flushAndClose()
        }
        return body
    }

    private suspend fun receiveUntil(isWhole: () -> Boolean) {
        try {
            withTimeoutOrNull(BODY_TIME) { while (!isWhole() && received.size() < LARGEST_BODY) received.write(pieces.next()) }
        } catch (_: IOException) {
            // The end of the connection is the end of the body.
        }
    }

    /** Behind the first empty line, or -1. Lines may end without a CR (RFC 9112, 2.2). */
    private fun ByteArray.indexOfEnd(): Int {
        for (at in 1 until size) {
            if (this[at] == LF && (this[at - 1] == LF || (at > 1 && this[at - 1] == CR && this[at - 2] == LF))) return at + 1
        }
        return -1
    }

    private companion object {
        const val PREFIX = "HTTP/1."
        val LAST_CHUNK = "0\r\n\r\n".encodeToByteArray().asList()
        const val LARGEST_HEAD = 64 * 1024
        const val LARGEST_BODY = 64 * 1024
        const val CR = '\r'.code.toByte()
        const val LF = '\n'.code.toByte()
    }
}
