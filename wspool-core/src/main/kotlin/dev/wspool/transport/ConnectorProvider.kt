package dev.wspool.transport

import dev.wspool.TransportConfig

/**
 * Makes the connector of `WebSocketPool(url)`. Found with [java.util.ServiceLoader], as Ktor's `HttpClient()` finds its
 * engine: an artefact with a connector names its provider in `META-INF/services`.
 */
public interface ConnectorProvider {
    /** Name of the connector, for messages. */
    public val name: String

    /** Which one is taken where several are on the class path: the highest. */
    public val priority: Int

    /**
     * Makes a connector; the pool that asked owns and closes it.
     *
     * @throws IllegalArgumentException where it cannot do what [config] asks for.
     */
    public fun create(config: TransportConfig): Connector
}
