package dev.wspool.ktor

import dev.wspool.TransportConfig
import dev.wspool.ktor.internal.OwnEngineConnector
import dev.wspool.transport.Connector
import dev.wspool.transport.ConnectorProvider

/** Makes the connector of `WebSocketPool(url)`: wspool's own engine, on a client that the pool owns. */
public class WebSocketsEngineConnectorProvider : ConnectorProvider {
    override val name: String get() = "wspool"

    override val priority: Int get() = PRIORITY

    override fun create(config: TransportConfig): Connector = OwnEngineConnector(config)

    private companion object {
        /** In the middle, so that another connector can be put before it or behind. */
        const val PRIORITY = 100
    }
}
