package dev.wspool.ktor.internal

import dev.wspool.ktor.engine.WebSocketsEngineConfig
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIOEngineConfig
import io.ktor.client.plugins.HttpSend
import io.ktor.client.plugins.plugin
import io.ktor.client.plugins.pluginOrNull
import io.ktor.client.plugins.websocket.WEBSOCKETS_KEY
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.http.HttpHeaders
import io.ktor.util.AttributeKey
import io.ktor.utils.io.InternalAPI

/** Marks the requests that open a connection of ours. */
internal val RawSession = AttributeKey<SessionRequest>("wspool raw session")

/**
 * What the upgrade of a connection of ours asks for.
 *
 * @property plugin takes the place of the client's WebSockets plugin.
 * @property extensions the value of `Sec-WebSocket-Extensions`, or null for none.
 */
internal class SessionRequest(val plugin: WebSockets, val extensions: String? = null)

private val Prepared = AttributeKey<Unit>("wspool prepared")

/**
 * How many frames may wait between Ktor's reader and ours (in each of two queues). Ktor's default is no bound, with which a
 * peer that sends faster than it is read fills the heap and never notices.
 */
private const val INCOMING_FRAMES = 16

internal val rawSockets = WebSockets.prepare { channels { incoming = bounded(INCOMING_FRAMES) } }

private const val DEFAULT_BOUND = 1 shl 20

/**
 * Has requests that are marked as [RawSession] ask for what a raw session can do, whatever the client's plugin is told for
 * its other sessions: incoming frames are bounded, and no extension is offered but ours, as a raw session does without Ktor's.
 *
 * @throws IllegalArgumentException where the client cannot open raw sessions.
 */
@OptIn(InternalAPI::class)
internal fun HttpClient.prepareForRawSessions() {
    requireRawSessions()
    attributes.computeIfAbsent(Prepared) {
        // After the request pipeline, where the plugin has put in what belongs to it.
        plugin(HttpSend).intercept { request ->
            request.attributes.getOrNull(RawSession)?.let { ours ->
                request.attributes.put(WEBSOCKETS_KEY, ours.plugin)
                request.headers.remove(HttpHeaders.SecWebSocketExtensions)
                ours.extensions?.let { request.headers.append(HttpHeaders.SecWebSocketExtensions, it) }
            }
            execute(request)
        }
    }
}

/** The size that the client's plugin allows a frame, taken for that of a message. */
internal fun HttpClient.messageBound(): Int {
    requireRawSessions()
    val told = plugin(WebSockets).maxFrameSize
    return if (told in 1 until Int.MAX_VALUE) told.toInt() else DEFAULT_BOUND
}

/** @throws IllegalArgumentException where the client has another engine. */
internal fun HttpClient.requireOwnEngine(): Unit = require(isOnOwnEngine) {
    "The connector needs an HttpClient with wspool's own engine, not ${engine.javaClass.simpleName}: HttpClient(WebSocketsEngine) { … }"
}

/** @throws IllegalArgumentException where the client has another engine. */
internal fun HttpClient.requireCio(): Unit = require(engine.config is CIOEngineConfig) {
    "The connector needs an HttpClient with Ktor's CIO engine, not ${engine.javaClass.simpleName}"
}

/** @throws IllegalArgumentException where [connections] are more than the engine lets be open. */
internal fun HttpClient.requireCioRoomFor(connections: Int) {
    val engine = engine.config as CIOEngineConfig
    val all = engine.maxConnectionsCount
    val perRoute = engine.endpoint.maxConnectionsPerRoute
    require(connections <= all && connections <= perRoute) {
        "maxConnections ($connections) is more than the client's engine allows: engine { maxConnectionsCount } is $all and " +
            "engine { endpoint { maxConnectionsPerRoute } } is $perRoute. Raise these, or lower maxConnections"
    }
}

/** Whether the client is on OkHttp: asked by name, as its classes need not be there. */
internal val HttpClient.isOnOkHttp: Boolean get() = engine.config.javaClass.name == "io.ktor.client.engine.okhttp.OkHttpConfig"

/** Whether the client is on our own engine. */
internal val HttpClient.isOnOwnEngine: Boolean get() = engine.config is WebSocketsEngineConfig

internal fun HttpClient.requireRawSessions() {
    require(isOnOwnEngine || engine.config is CIOEngineConfig || isOnOkHttp) {
        "The pool needs an HttpClient with wspool's own engine, or Ktor's CIO or OkHttp, not ${engine.javaClass.simpleName}: " +
            "HttpClient(WebSocketsEngine) { … }"
    }
    requireNotNull(pluginOrNull(WebSockets)) {
        val name = if (isOnOwnEngine) {
            "WebSocketsEngine"
        } else if (isOnOkHttp) {
            "OkHttp"
        } else {
            "CIO"
        }
        "The pool needs an HttpClient with the WebSockets plugin: HttpClient($name) { install(WebSockets) }"
    }
}
