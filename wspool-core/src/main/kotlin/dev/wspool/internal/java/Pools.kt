package dev.wspool.internal.java

import dev.wspool.Endpoint
import dev.wspool.PoolConfig
import dev.wspool.WebSocketPool
import dev.wspool.internal.Connectors
import dev.wspool.transport.Connector
import java.util.function.Consumer

/** Makes pools for the Java face. */
internal object Pools {
    @JvmStatic
    fun create(endpoint: Endpoint, configure: Consumer<PoolConfig.Builder>): WebSocketPool =
        WebSocketPool(endpoint, Connectors::create) { configure.accept(this) }

    @JvmStatic
    fun of(connector: Connector, endpoint: Endpoint, configure: Consumer<PoolConfig.Builder>): WebSocketPool =
        WebSocketPool(connector, endpoint) { configure.accept(this) }
}
