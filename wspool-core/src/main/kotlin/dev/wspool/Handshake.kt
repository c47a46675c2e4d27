package dev.wspool

/**
 * What the server answered when the connection was opened.
 *
 * @property headers the response headers; names are matched without regard to case by [header].
 * @property subprotocol the subprotocol that the server chose, or null.
 * @property tlsSession what TLS has agreed on; null without TLS, and where the engine does not show it, as Ktor's CIO.
 */
public class Handshake(
    public val headers: Map<String, List<String>> = emptyMap(),
    public val subprotocol: String? = null,
    public val tlsSession: TlsSession? = null,
) {
    /** The first value of the header [name], or null. */
    public fun header(name: String): String? =
        headers.entries.firstOrNull { it.key.equals(name, ignoreCase = true) }?.value?.firstOrNull()

    /** Names no header: their values may be secrets. */
    override fun toString(): String = "Handshake(${headers.size} headers, subprotocol ${subprotocol ?: "none"})"
}
