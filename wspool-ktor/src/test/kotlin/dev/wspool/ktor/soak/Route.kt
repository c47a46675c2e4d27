package dev.wspool.ktor.soak

import dev.wspool.Lease

/** A way to the server. Every second connection takes each; the subprotocol that the server confirms says which it was. */
internal enum class Route(val protocol: String) {
    /** Straight to the server: a killed process is seen as its kernel shows it. */
    Direct("direct"),

    /** Through the proxy that spoils it. */
    Proxied("proxied"),

    ;

    companion object {
        fun of(lease: Lease): Route = entries.single { it.protocol == lease.handshake.subprotocol }
    }
}
