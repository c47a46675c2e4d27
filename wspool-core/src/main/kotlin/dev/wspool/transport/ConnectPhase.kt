package dev.wspool.transport

/**
 * How far a connect has come; see [ConnectionListener.onPhase].
 *
 * @property isNotDone what an error says where it came no further.
 */
public enum class ConnectPhase(internal val isNotDone: String) {
    /** The host name is resolved and TCP connects. */
    Tcp("TCP did not connect"),

    /** TCP has connected, and the TLS handshake goes on. */
    Tls("the TLS handshake was not done"),

    /** The connection is there, and the WebSocket handshake is under way. */
    Upgrade("the WebSocket handshake was not answered"),
}
