package dev.wspool.transport

/**
 * Makes the connector of `WebSocketPool(url)`. Found with [java.util.ServiceLoader], as Ktor's `HttpClient()` finds its
 * engine: an artefact with a connector names its provider in `META-INF/services`.
 */
public interface ConnectorProvider {
    /** Name of the connector, for messages. */
    public val name: String

    /** Which one is taken where several are on the class path: the highest. */
    public val priority: Int

    /** Makes a connector; the pool that asked owns and closes it. */
    public fun create(): Connector
}
