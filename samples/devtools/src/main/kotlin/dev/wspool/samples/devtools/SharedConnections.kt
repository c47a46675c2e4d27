package dev.wspool.samples.devtools

import dev.wspool.WebSocketPool
import dev.wspool.jsonrpc.JsonRpcCorrelator
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlin.time.Duration

/** A few connections to the browser, which all share: each page is a lease, and a session of its connection. */
class SharedConnections(browser: String, atOnce: Int, connections: Int, timeout: Duration) : Way(timeout) {
    override val name = "shared"

    /** This is all that there is to the pool. A screenshot is large for a message. */
    private val pool = WebSocketPool(browser) {
        maxConnections = connections
        leasesPerConnection = (atOnce + connections - 1) / connections
        correlator = JsonRpcCorrelator
        maxMessageSize = LARGEST_REPLY
    }

    override suspend fun call(method: String, params: JsonObject): JsonObject = pool.measured { counted(method, params) }

    /** A session belongs to its connection: so all calls of a page are made on one lease. */
    override suspend fun <T> withTab(target: String, block: suspend (Tab) -> T): T = pool.measured {
        val params = buildJsonObject {
            put("targetId", target)
            put("flatten", true)
        }
        val attached = counted(ATTACH, params)
        val session = attached.required("sessionId", ATTACH)
        block { method, params -> counted(method, params, session) }
    }

    override suspend fun finish() = pool.finish()

    override fun close() = pool.close()

    private companion object {
        const val ATTACH = "Target.attachToTarget"
    }
}

/** In bytes: as base64 in JSON. */
const val LARGEST_REPLY = 64 shl 20
