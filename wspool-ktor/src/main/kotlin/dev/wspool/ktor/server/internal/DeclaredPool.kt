package dev.wspool.ktor.server.internal

import dev.wspool.Endpoint
import dev.wspool.PoolConfig
import dev.wspool.WebSocketPool
import dev.wspool.transport.ConnectorProvider
import kotlinx.coroutines.CoroutineScope
import java.util.ServiceLoader

internal class DeclaredPool(
    override val name: String,
    private val endpoint: Endpoint?,
    private val warmUp: Int,
    private val configure: PoolConfig.Builder.() -> Unit,
    private val make: (Endpoint, PoolConfig.Builder.() -> Unit) -> WebSocketPool,
) : Declared {
    override fun open(text: PoolsText, application: CoroutineScope): Lender {
        require(name !in text.groups) { "wspool.groups.$name is of a pool: its settings stand in wspool.pools.$name" }
        val own = text.pool(name)
        val count = own.warmUp ?: warmUp
        val pool = own.naming {
            make(own.endpoint(name, endpoint)) {
                name = this@DeclaredPool.name
                configure()
                own.applyTo(this)
                if (parent == null) parent = application
            }
        }
        val room = pool.config.maxConnections
        if (count > room) {
            pool.close()
            val key = if (own.warmUp == null) "warmUp of the pool $name" else "wspool.pools.$name.warmUp"
            throw IllegalArgumentException("$key must not be above maxConnections ($room): $count")
        }
        return Lender.OfPool(pool, count)
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
