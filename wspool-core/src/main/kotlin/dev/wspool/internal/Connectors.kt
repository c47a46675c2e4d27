package dev.wspool.internal

import dev.wspool.TransportConfig
import dev.wspool.transport.Connector
import dev.wspool.transport.ConnectorProvider
import java.util.ServiceLoader

/** Finds the connector of pools that are made from a URL alone. */
internal object Connectors {
    fun create(config: TransportConfig): Connector {
        // The class loader of this library, not the thread's: on Android and in application servers they differ.
        val found = ServiceLoader.load(ConnectorProvider::class.java, ConnectorProvider::class.java.classLoader)
        val best = found.maxByOrNull { it.priority }
        checkNotNull(best) {
            "No WebSocket connector on the class path. Add the artefact dev.wspool:wspool-ktor, " +
                "or give WebSocketPool a Connector of your own."
        }
        return best.create(config)
    }
}
