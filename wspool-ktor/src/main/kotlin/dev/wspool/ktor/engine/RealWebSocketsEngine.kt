package dev.wspool.ktor.engine

import dev.wspool.ktor.engine.dial.SocketDialer
import dev.wspool.ktor.engine.dial.UpgradeCall
import dev.wspool.ktor.engine.loop.EventLoops
import dev.wspool.ktor.engine.session.LinkSession
import dev.wspool.ktor.engine.tls.TlsEngines
import io.ktor.client.engine.HttpClientEngineBase
import io.ktor.client.engine.HttpClientEngineCapability
import io.ktor.client.engine.ProxyType
import io.ktor.client.engine.callContext
import io.ktor.client.engine.type
import io.ktor.client.plugins.HttpTimeoutCapability
import io.ktor.client.plugins.sse.SSECapability
import io.ktor.client.plugins.websocket.WEBSOCKETS_KEY
import io.ktor.client.plugins.websocket.WebSocketCapability
import io.ktor.client.plugins.websocket.WebSocketExtensionsCapability
import io.ktor.client.request.HttpRequestData
import io.ktor.client.request.HttpResponseData
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpProtocolVersion
import io.ktor.http.HttpStatusCode
import io.ktor.http.isWebsocket
import io.ktor.util.date.GMTDate
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.InternalAPI
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers

/**
 * See [WebSocketsEngine].
 *
 * What Ktor marks as internal and an engine cannot do without: `execute` itself, `callContext` (the job that ends with the
 * call), `mergeHeaders` (the headers as every engine sends them), `ClientUpgradeContent.verify` (who made the key checks the
 * answer to it) and `WEBSOCKETS_KEY` (the plugin, whose settings a session has).
 */
@OptIn(InternalAPI::class)
internal class RealWebSocketsEngine(override val config: WebSocketsEngineConfig) : HttpClientEngineBase("wspool") {
    private val http = lazy { config.makeHttpEngine() }
    private val dialer: SocketDialer

    init {
        require(config.threads >= 1) { "threads must be at least 1, not ${config.threads}" }
        require(config.maxBytesInFlight >= 1) { "maxBytesInFlight must be at least 1, not ${config.maxBytesInFlight}" }
        val proxy = config.proxy
        require(proxy == null || proxy.type == ProxyType.HTTP) { "proxy must be an HTTP proxy, not ${proxy?.type}" }
        dialer = SocketDialer(EventLoops(config.threads), TlsEngines(config.tls), proxy, config.proxyAuthorization)
    }

    /** Not Ktor's default, `Dispatchers.IO`: whoever blocks its 64 threads would hold up every connect. */
    override val dispatcher: CoroutineDispatcher = config.dispatcher ?: Dispatchers.Default

    override val supportedCapabilities: Set<HttpClientEngineCapability<*>> =
        setOf(WebSocketCapability, WebSocketExtensionsCapability, HttpTimeoutCapability, SSECapability)

    override suspend fun execute(data: HttpRequestData): HttpResponseData {
        if (!data.url.protocol.isWebsocket()) return http.value.execute(data)
        val context = callContext()
        val begin = GMTDate()
        val call = UpgradeCall(data, dialer)
        val head = call.head()
        val body = when {
            head.status != HttpStatusCode.SwitchingProtocols.value -> call.refusal(head)
            call.link != null -> ByteReadChannel.Empty.also { call.link.offer(call.upgraded()) } // who wants it checks the answer
            else -> call.session(head) { upgraded ->
                val plugin = checkNotNull(data.attributes.getOrNull(WEBSOCKETS_KEY)) { "A session needs a client with install(WebSockets)" }
                val isExtended = HttpHeaders.SecWebSocketExtensions in head.headers
                LinkSession(upgraded, context, plugin, config.maxBytesInFlight, isExtended, call.readTimeout())
            }
        }
        return HttpResponseData(HttpStatusCode(head.status, head.reason), begin, head.headers, HttpProtocolVersion.HTTP_1_1, body, context)
    }

    override fun close() {
        super.close()
        if (http.isInitialized()) http.value.close()
    }
}
