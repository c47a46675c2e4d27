package dev.wspool.ktor.internal

import dev.wspool.Compression
import dev.wspool.Endpoint
import dev.wspool.HandshakeFailedException
import dev.wspool.transport.ExtensionViolationException
import dev.wspool.transport.PerMessageDeflate
import io.ktor.client.request.ClientUpgradeContent
import io.ktor.client.statement.HttpResponse
import io.ktor.client.statement.request
import io.ktor.http.Headers
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.http.charset
import io.ktor.http.contentType
import io.ktor.util.toMap
import io.ktor.utils.io.InternalAPI
import io.ktor.utils.io.readAvailable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration.Companion.seconds

internal const val FOREIGN_KEY = "Sec-WebSocket-Accept does not belong to our key, as if it came from a cache"

internal const val BODY_BOUND = 4 * 1024

/** How long the body of a refusal may take: it must not turn the refusal into a timeout. */
internal val BODY_TIME = 1.seconds

/**
 * The checks of RFC 6455, 4.1, but for the key: of them CIO makes none beyond the status.
 *
 * @throws HandshakeFailedException where the response is no upgrade that we can use.
 */
internal suspend fun Endpoint.requireUpgraded(response: HttpResponse) {
    if (response.status != HttpStatusCode.SwitchingProtocols) {
        throw response.failed(refused(response.status.value), response.beginning())
    }
    upgradeViolation(response.request.headers, response.headers)?.let { throw response.failed(wrong(it)) }
}

/** What is said of an answer that is no upgrade; the settings of the pool that have a say in it are named. */
internal fun Endpoint.refused(status: Int): String {
    val advice = if (status == 401 || status == 403) ": credentials are given by beforeConnect" else ""
    return "$this refused the WebSocket handshake with status $status$advice"
}

/**
 * The check of the key, for an engine that sends Ktor's own. Ktor can compare; CIO, unlike other engines, does not ask it to.
 *
 * @throws HandshakeFailedException where the answer belongs to another key.
 */
internal fun Endpoint.requireAccepted(response: HttpResponse) {
    if (response.isAccepted()) return
    throw response.failed(wrong(FOREIGN_KEY))
}

/**
 * What the server has agreed to compress, or null for nothing.
 *
 * @throws HandshakeFailedException where its answer is none that [compression] allows.
 */
internal fun Endpoint.agreedCompression(response: HttpResponse, compression: Compression, maxMessageSize: Int): PerMessageDeflate? = try {
    PerMessageDeflate.accept(compression, response.headers.getAll(HttpHeaders.SecWebSocketExtensions).orEmpty(), maxMessageSize)
} catch (violation: ExtensionViolationException) {
    throw response.failed(wrong(violation.message!!))
}

internal fun Endpoint.wrong(how: String) = "$this answered the WebSocket handshake wrongly: $how"

private fun HttpResponse.failed(message: String, body: String = "") =
    HandshakeFailedException(message, status.value, headers.toMap(), body)

/** What RFC 6455, 4.1 forbids of the headers of [response] to an upgrade with those of [request], but for the key; null for nothing. */
internal fun upgradeViolation(request: Headers, response: Headers): String? {
    val asked = request[HttpHeaders.SecWebSocketProtocol].orEmpty().split(',').map { it.trim() }
    val chosen = response[HttpHeaders.SecWebSocketProtocol]
    return when {
        !response[HttpHeaders.Upgrade].equals("websocket", ignoreCase = true) -> "the Upgrade header is not \"websocket\""
        !response.isUpgradeConnection() -> "the Connection header has no \"Upgrade\""
        HttpHeaders.SecWebSocketExtensions in response && HttpHeaders.SecWebSocketExtensions !in request ->
            "it uses an extension that was not asked for (a pool opens raw sessions, without WebSocketDeflateExtension)"
        chosen != null && chosen !in asked -> "it chose a subprotocol that was not asked for"
        else -> null
    }
}

private fun Headers.isUpgradeConnection(): Boolean =
    getAll(HttpHeaders.Connection).orEmpty().any { line ->
        line.split(',').any { it.trim().equals("upgrade", ignoreCase = true) }
    }

@OptIn(InternalAPI::class)
private fun HttpResponse.isAccepted(): Boolean {
    val content = request.content as? ClientUpgradeContent ?: return false
    return runCatching { content.verify(headers) }.isSuccess
}

/** The raw content, as reading it through the pipeline would have the WebSockets plugin throw an exception of its own. */
@OptIn(InternalAPI::class)
private suspend fun HttpResponse.beginning(): String {
    if (HttpHeaders.ContentEncoding in headers) return ""
    val bytes = ByteArray(BODY_BOUND)
    var size = 0
    try {
        withTimeoutOrNull(BODY_TIME) {
            while (size < bytes.size) {
                val more = rawContent.readAvailable(bytes, size, bytes.size - size)
                if (more < 0) break
                size += more
            }
        }
    } catch (_: Throwable) {
        // The connection broke within the body. The refusal stands, with what has come of its text.
        currentCoroutineContext().ensureActive()
    }
    val charset = runCatching { contentType()?.charset() }.getOrNull() ?: Charsets.UTF_8
    return String(bytes, 0, size, charset)
}
