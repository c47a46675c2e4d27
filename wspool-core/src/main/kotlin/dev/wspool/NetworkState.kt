package dev.wspool

/**
 * What an app knows of the network, and of itself, at one moment.
 *
 * @property isAvailable there is a network that leads to the server.
 * @property networkId names the network, so that a change is seen: on Android `Network.getNetworkHandle()`. Null where that is
 * not known; what was told last holds on. It appears in events.
 * @property isForeground somebody looks at the app.
 */
public class NetworkState
    @JvmOverloads
    constructor(
        public val isAvailable: Boolean,
        public val networkId: String? = null,
        public val isForeground: Boolean = true,
    ) {
        override fun equals(other: Any?): Boolean = other is NetworkState &&
            other.isAvailable == isAvailable &&
            other.networkId == networkId &&
            other.isForeground == isForeground

        override fun hashCode(): Int = 31 * (31 * isAvailable.hashCode() + networkId.hashCode()) + isForeground.hashCode()

        override fun toString(): String = buildString {
            append(if (isAvailable) "network" else "no network")
            if (networkId != null) append(' ').append(networkId)
            append(if (isForeground) ", in the foreground" else ", in the background")
        }
    }
