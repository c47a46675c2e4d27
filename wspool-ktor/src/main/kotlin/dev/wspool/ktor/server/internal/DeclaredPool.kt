package dev.wspool.ktor.server.internal

import dev.wspool.Endpoint
import dev.wspool.PoolConfig
import dev.wspool.WebSocketPool
import dev.wspool.transport.ConnectorProvider
import kotlinx.coroutines.CoroutineScope
import java.util.ServiceLoader

/** A pool as code declares it, to which [PoolText] adds what the configuration says. */
internal class DeclaredPool(
    val name: String,
    private val endpoint: Endpoint?,
    private val warmUp: Int,
    private val configure: PoolConfig.Builder.() -> Unit,
    private val make: (Endpoint, PoolConfig.Builder.() -> Unit) -> WebSocketPool,
) {
    fun warmUp(text: PoolText): Int = text.warmUp ?: warmUp

    /** Code first, then the configuration: what is deployed decides. */
    fun open(text: PoolText, application: CoroutineScope): WebSocketPool = text.naming {
        make(endpoint(text)) {
            name = this@DeclaredPool.name
            configure()
            text.applyTo(this)
            if (parent == null) parent = application
        }
    }

    /** @throws IllegalArgumentException where it is to open more connections than [pool] may have. */
    fun requireRoomToWarmUp(pool: WebSocketPool, text: PoolText) {
        val key = if (text.warmUp == null) "warmUp of the pool $name" else "${text.root}.warmUp"
        val room = pool.config.maxConnections
        require(warmUp(text) <= room) { "$key must not be above maxConnections ($room): ${warmUp(text)}" }
    }

    private fun endpoint(text: PoolText): Endpoint {
        val url = requireNotNull(text.url ?: endpoint?.url) { "${text.root}.url is missing, and the code gives no URL to \"$name\"" }
        val given = text.headers
        val coded = endpoint?.headers.orEmpty().filterKeys { name -> given.keys.none { it.equals(name, ignoreCase = true) } }
        return Endpoint(url, coded + given, text.subprotocols ?: endpoint?.subprotocols.orEmpty())
    }

    companion object {
        /** A pool that stands in the configuration alone. */
        fun configured(name: String) = DeclaredPool(name, null, 0, {}, ::onClassPath)

        /** A pool for [endpoint], of which a URL alone would not tell all, with the connector that is on the class path. */
        fun onClassPath(endpoint: Endpoint, settings: PoolConfig.Builder.() -> Unit): WebSocketPool =
            WebSocketPool(endpoint, { providers().maxBy(ConnectorProvider::priority).create(it) }, settings)

        /** Never empty: this library is one. */
        private fun providers() = ServiceLoader.load(ConnectorProvider::class.java, ConnectorProvider::class.java.classLoader)
    }
}
