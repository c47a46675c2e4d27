package dev.wspool.ktor.engine.dial

import dev.wspool.ktor.engine.session.ReadTimeout
import dev.wspool.ktor.internal.upgradeViolation
import io.ktor.client.engine.mergeHeaders
import io.ktor.client.plugins.ConnectTimeoutException
import io.ktor.client.plugins.HttpTimeoutCapability
import io.ktor.client.plugins.SocketTimeoutException
import io.ktor.client.plugins.websocket.WebSocketException
import io.ktor.client.request.ClientUpgradeContent
import io.ktor.client.request.HttpRequestData
import io.ktor.http.HttpHeaders
import io.ktor.http.Url
import io.ktor.http.isSecure
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.InternalAPI
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** One request for an upgrade, and the answer to it. */
@OptIn(InternalAPI::class)
internal class UpgradeCall(private val data: HttpRequestData, private val dialer: SocketDialer) {
    /** Who wants the bare socket, or null where a session of Ktor's is wanted. */
    val link: LinkRequest? = data.attributes.getOrNull(LinkRequest.Key)

    private val timeouts = data.getCapabilityOrNull(HttpTimeoutCapability)
    private lateinit var opened: SocketDialer.Opened
    private lateinit var exchange: HttpExchange

    /** Connects, asks, and reads what the server answers. Where that throws, nothing is left open. */
    suspend fun head(): HttpHead {
        opened = open()
        return closingOnFailure {
            exchange = HttpExchange(opened.socket)
            exchange.send(HttpHead.request("GET", target(), headers()))
            var head: HttpHead
            do head = answer() while (head.isInterim)
            head
        }
    }

    private suspend fun open(): SocketDialer.Opened {
        val limit = timeouts?.connectTimeoutMillis?.milliseconds ?: Duration.INFINITE
        val share = link?.listener?.connectTimeout ?: limit
        val forProxy = data.headers[HttpHeaders.ProxyAuthorization]
        var opened: SocketDialer.Opened? = null
        try {
            withTimeoutOrNull(limit) {
                opened = dialer.open(data.url.destination(), data.url.protocol.isSecure(), share, forProxy, link ?: DialProgress.Unwatched)
            }
        } catch (failure: Throwable) {
            opened?.socket?.abort() // the caller was cancelled when it had just been opened
            throw failure
        }
        return opened ?: throw ConnectTimeoutException(data) // one that came in the last moment counts
    }

    private suspend fun answer(): HttpHead {
        val limit = timeouts?.socketTimeoutMillis?.milliseconds ?: Duration.INFINITE
        return withTimeoutOrNull(limit) { exchange.head() } ?: throw SocketTimeoutException(data)
    }

    /** The body of an answer that is no upgrade. The connection is closed. */
    suspend fun refusal(head: HttpHead): ByteReadChannel = try {
        exchange.body(head.headers)
    } finally {
        opened.socket.closeSoon(null)
    }

    /** The socket, which is whoever's calls this. */
    fun upgraded(): Upgraded = Upgraded(opened.socket, exchange.rest(), opened.tlsSession)

    /**
     * What [make] makes of the socket. Where that throws, nothing is left open.
     *
     * @throws IllegalStateException where [head] is no answer to this request's upgrade (RFC 6455, 4.1).
     */
    fun <T> session(head: HttpHead, make: (Upgraded) -> T): T = closingOnFailure {
        upgradeViolation(data.headers, head.headers)?.let { throw WebSocketException("Handshake exception: $it") }
        (data.body as? ClientUpgradeContent)?.verify(head.headers)
        make(upgraded())
    }

    /** What Ktor's `HttpTimeout` asks of the session, or null for nothing: of its timeouts this one holds on (KTOR-8206). */
    fun readTimeout(): ReadTimeout? {
        val limit = timeouts?.socketTimeoutMillis?.milliseconds ?: return null
        return if (limit.isInfinite()) null else ReadTimeout(limit) { SocketTimeoutException(data) }
    }

    private inline fun <T> closingOnFailure(action: () -> T): T = try {
        action()
    } catch (failure: Throwable) {
        opened.socket.abort()
        throw failure
    }

    private fun target(): String = data.url.encodedPathAndQuery.ifEmpty { "/" }.let { if (it.startsWith('/')) it else "/$it" }

    /** As every engine of Ktor's sends them; what is for the proxy is kept from the server. */
    private fun headers(): List<Pair<String, String>> = buildList {
        if (HttpHeaders.Host !in data.headers) add(HttpHeaders.Host to data.url.hostHeader())
        mergeHeaders(data.headers, data.body) { name, value ->
            if (!name.equals(HttpHeaders.ProxyAuthorization, ignoreCase = true)) add(name to value)
        }
    }

    private fun Url.destination() =
        Destination(host.removeSurrounding("[", "]"), port, data.attributes.getOrNull(HostAddress.Key)?.of(host))

    private fun Url.hostHeader() = if (port == protocol.defaultPort) "${destination()}".removeSuffix(":$port") else "${destination()}"
}
