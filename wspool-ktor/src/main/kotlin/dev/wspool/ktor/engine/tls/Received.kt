package dev.wspool.ktor.engine.tls

/** Why [TlsLayer.receive] has returned. */
internal enum class Received {
    /** All that has come is unwrapped, but for the beginning of a record; more bytes are needed. */
    Hungry,

    /** The receiver of the plaintext wants no more for now. */
    Stopped,

    /** [TlsLayer.delegatedTask] has something that must be run before it goes on. */
    Task,

    /**
     * [TlsLayer.wrap] has something to say to the peer, behind which the handshake goes on: when it is wrapped, and not before,
     * receive again. Once [TlsLayer.isEstablished] it is the answer to a key update, all that has come is unwrapped, and where the
     * socket takes nothing it may wait while more is received.
     */
    Wrap,

    /** The peer has sent close_notify: nothing more will come (RFC 8446, 6.1). TLS 1.3 may still send, TLS 1.2 may not. */
    Closed,
}
