package dev.wspool.ktor.internal

import dev.wspool.Endpoint
import dev.wspool.HandshakeFailedException
import dev.wspool.TlsSession
import okhttp3.Response
import okio.IOException
import java.util.concurrent.TimeUnit

/** What a server answered to the upgrade, which Ktor keeps to itself where it is a refusal. */
internal class OkHttpAnswer private constructor(
    val status: Int,
    private val headers: Map<String, List<String>>,
    private val body: String,
    val tlsSession: TlsSession?,
) {
    fun refusal(endpoint: Endpoint) = HandshakeFailedException(endpoint.refused(status), status, headers, body)

    fun violation(endpoint: Endpoint, what: String) =
        HandshakeFailedException(endpoint.wrong(what), status, headers)

    companion object {
        const val UPGRADED = 101

        fun of(response: Response): OkHttpAnswer {
            val headers = response.headers.names().associateWith { response.headers.values(it) }
            val session = response.handshake?.run { TlsSession(tlsVersion.javaName, cipherSuite.javaName, peerCertificates) }
            return OkHttpAnswer(response.code, headers, if (response.code == UPGRADED) "" else response.beginning(), session)
        }

        /** On a thread of OkHttp's, which is there to wait. */
        private fun Response.beginning(): String {
            if (header("Content-Encoding") != null) return ""
            val source = body.source()
            val deadline = source.timeout().deadline(BODY_TIME.inWholeNanoseconds, TimeUnit.NANOSECONDS)
            try {
                source.request(BODY_BOUND.toLong())
            } catch (_: IOException) {
                // The connection broke within the body, or it took too long. The refusal stands, with what has come of its text.
            } finally {
                deadline.clearDeadline()
            }
            val bytes = source.buffer.snapshot(minOf(source.buffer.size, BODY_BOUND.toLong()).toInt())
            return bytes.string(body.contentType()?.charset() ?: Charsets.UTF_8)
        }
    }
}
