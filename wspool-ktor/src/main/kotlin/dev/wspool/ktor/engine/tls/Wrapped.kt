package dev.wspool.ktor.engine.tls

/** Why [TlsLayer.wrap] has returned. */
internal enum class Wrapped {
    /** All is wrapped. Where some of the plaintext is left, the handshake waits for the peer. */
    Done,

    /** The buffer for the ciphertext has no room for the longest record: less than [TlsLayer.packetSize]. */
    Full,

    /** As [Received.Task]; while that task runs, it is told again. */
    Task,

    /** Nothing is sent any more: close_notify or an alert, which may just have been wrapped, was the last. */
    Closed,
}
