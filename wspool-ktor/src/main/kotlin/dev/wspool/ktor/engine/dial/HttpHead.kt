package dev.wspool.ktor.engine.dial

import io.ktor.http.Headers
import io.ktor.http.HeadersBuilder
import io.ktor.http.HttpStatusCode
import io.ktor.http.IllegalHeaderValueException
import io.ktor.http.cio.CIOHeaders
import io.ktor.http.cio.parseResponse
import io.ktor.utils.io.ByteReadChannel
import java.io.EOFException
import java.net.ProtocolException

/** The status line and the headers of a response. */
internal class HttpHead private constructor(val status: Int, val reason: String, val headers: Headers) {
    /** RFC 9110, 15.2: an answer that announces another one; 101 is none of these. */
    val isInterim: Boolean get() = status in 100..199 && status != HttpStatusCode.SwitchingProtocols.value

    companion object {
        /** Reads a response's head out of [bytes], which hold all of it, or the beginning of what is none. */
        suspend fun parse(bytes: ByteArray): HttpHead {
            val response = parseResponse(ByteReadChannel(bytes)) ?: throw EOFException("The peer has ended the connection")
            try {
                // Its headers lie in a buffer that is given back.
                val headers = HeadersBuilder().apply { CIOHeaders(response.headers).forEach(::appendAll) }.build()
                return HttpHead(response.status, response.statusText.toString(), headers)
            } catch (_: IllegalHeaderValueException) {
                // Without its cause, which quotes the value, and would pass for a header of the request's.
                throw ProtocolException("The response has a header with an illegal value")
            } finally {
                response.release()
            }
        }

        /** A request's line and headers, as they are sent. */
        fun request(method: String, target: String, headers: List<Pair<String, String>>): ByteArray = buildString {
            append(method).append(' ').append(target).append(" HTTP/1.1\r\n")
            for ((name, value) in headers) append(name).append(": ").append(value).append("\r\n")
            append("\r\n")
        }.toByteArray()
    }
}
