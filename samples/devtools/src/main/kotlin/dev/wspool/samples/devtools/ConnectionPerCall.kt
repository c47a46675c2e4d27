package dev.wspool.samples.devtools

import dev.wspool.WebSocketPool
import dev.wspool.jsonrpc.JsonRpcCorrelator
import kotlinx.serialization.json.JsonObject
import kotlin.time.Duration

/**
 * A new connection for each call, to the browser or to the page itself: what it looks like without a pool. It is made of pools all
 * the same, whose connections serve once: so both ways differ in nothing else.
 */
class ConnectionPerCall(private val browser: Chromium, private val atOnce: Int, timeout: Duration) : Way(timeout) {
    override val name = "connection per call"
    private val pool = pool(browser.url)

    override suspend fun call(method: String, params: JsonObject): JsonObject = pool.measured { counted(method, params) }

    /** A page has an address of its own, which takes no session: that would end with its connection, and so with its first call. */
    override suspend fun <T> withTab(target: String, block: suspend (Tab) -> T): T {
        val pages = pool(browser.urlOf(target))
        try {
            return block { method, params -> pages.measured { counted(method, params) } }
        } finally {
            pages.close()
            tally.opened(pages.stats.created)
        }
    }

    override suspend fun finish() = pool.finish()

    override fun close() = pool.close()

    /** No bound shall hold it up: neither of connections, as some are being closed, nor of dials. */
    private fun pool(url: String) = WebSocketPool(url) {
        maxUses = 1
        maxConnections = 4 * atOnce
        maxConcurrentConnects = atOnce
        maxConnectsPerSecond = 100_000.0
        correlator = JsonRpcCorrelator
        maxMessageSize = LARGEST_REPLY
    }
}
