package dev.wspool.ktor.server.internal

import dev.wspool.Endpoint
import dev.wspool.PoolConfig
import dev.wspool.WebSocketPool
import kotlinx.coroutines.CoroutineScope

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

    private fun endpoint(text: PoolText): Endpoint {
        val url = text.url ?: return requireNotNull(endpoint) { "${text.root}.url is missing, and the code gives no URL to \"$name\"" }
        return Endpoint(url, endpoint?.headers.orEmpty(), endpoint?.subprotocols.orEmpty())
    }

    companion object {
        /** A pool that stands in the configuration alone. */
        fun configured(name: String) = DeclaredPool(name, null, 0, {}) { endpoint, settings -> WebSocketPool(endpoint.url, settings) }
    }
}
