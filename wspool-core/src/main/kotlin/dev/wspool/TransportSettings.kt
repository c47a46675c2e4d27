package dev.wspool

/** What a connector can be told: of sockets, TLS and frames. */
public abstract class TransportSettings internal constructor() : Settings() {
    /** How large a received message may be, in bytes; a larger one ends its connection with 1009. Default: 1 MiB. */
    public var maxMessageSize: Int by setting(1 shl 20)

    /**
     * How many bytes of messages a connection may have taken and not handed on to the socket, before a sender waits; larger
     * messages go out in fragments of this size, with pings and pongs between. Default: 64 KiB.
     */
    public var maxBytesInFlight: Int by setting(64 * 1024)

    /** Asks the server for compressed messages. Default: none. */
    public var compression: Compression? by setting(null)

    /**
     * The HTTP proxy that connections go through, as `http://host:port`, or `http://user:password@host:port`: that is sent to
     * the proxy alone. Default: none, or where the engine heeds the JVM's system properties, theirs.
     */
    public var proxy: String? by setting(null)

    internal var tlsBuilder: TlsConfig.Builder? = null
        private set

    /** How `wss` connections are secured. Default: verified with the certificates that the JVM trusts. */
    public fun tls(configure: TlsConfig.Builder.() -> Unit) {
        tlsBuilder = (tlsBuilder?.copy() ?: TlsConfig.Builder()).apply(configure)
    }

    internal fun copyTransport(from: TransportSettings) {
        copyGiven(from)
        tlsBuilder = from.tlsBuilder
    }
}
