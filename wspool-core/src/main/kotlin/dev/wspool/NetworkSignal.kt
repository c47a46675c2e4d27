package dev.wspool

import kotlinx.coroutines.flow.Flow

/**
 * Tells a pool when there is a network, which one, and whether anybody looks at the app: what a phone knows, and a socket learns
 * late or never. Given as [PoolConfig.Builder.network].
 *
 * - Without a network nothing is dialled, lent or pinged, and dials that are under way are given up. With the network, what had
 *   failed is forgiven, and the connections that were kept are proved by a ping before one is lent.
 * - Over another network (another [NetworkState.networkId]) the connections that were there retire, leased ones when they come back,
 *   and successors are dialled for those in use and for `minIdle`.
 * - In the background [inBackground] says what becomes of the pool; in the foreground again all idle connections are proved before
 *   one is lent.
 *
 * Made by the function of the same name; in Java by `dev.wspool.java.JavaNetworkSignal`.
 *
 * A pool that has been told nothing yet takes it that all is well. A signal that completes leaves its last word in force; one that
 * fails counts as none, and `onBackgroundError` is told. A pool that drains takes no notice. A leased connection is its holder's
 * whatever is told: it lives on as long as its socket does.
 *
 * @property onLoss what becomes of callers while there is no network.
 * @property inBackground what becomes of the pool while the app is in the background.
 */
public sealed interface NetworkSignal {
    public val onLoss: OnNetworkLoss
    public val inBackground: InBackground
}

/**
 * Makes a [NetworkSignal] of a flow.
 *
 * @param states collected once by each pool that it is given to, until the pool ends, on the pool's `dispatcher`; the first state is
 * asked for, undispatched, before the pool dials. A `StateFlow` is what it is made for. On Android: `ConnectivityManager` and
 * `ProcessLifecycleOwner`, as `samples/android` shows.
 * @param onLoss what becomes of callers while there is no network. Default: they wait.
 * @param inBackground what becomes of the pool while the app is in the background. Default: it goes on as it is.
 */
public fun NetworkSignal(
    states: Flow<NetworkState>,
    onLoss: OnNetworkLoss = OnNetworkLoss.Wait,
    inBackground: InBackground = InBackground.Keep,
): NetworkSignal = FlowSignal(states, onLoss, inBackground)

/** A class of its own, so that nothing of coroutines is to be seen in [NetworkSignal] by Java. */
internal class FlowSignal(
    val states: Flow<NetworkState>,
    override val onLoss: OnNetworkLoss,
    override val inBackground: InBackground,
) : NetworkSignal {
    override fun toString(): String = "without a network callers ${if (onLoss == OnNetworkLoss.Wait) "wait" else "fail"}, " +
        "in the background: ${inBackground.name.lowercase()}"
}

/** What becomes of callers who want a connection while there is no network. */
public enum class OnNetworkLoss {
    /** They wait for it to come back, each to his deadline; a [BorrowTimeoutException] has a [NetworkLostException] as its cause. */
    Wait,

    /** Who waits when it is lost, and who asks after that, gets a [NetworkLostException] at once. */
    Fail,
}

/** What becomes of a pool while its app is in the background. */
public enum class InBackground {
    /** It goes on as it is, pings and all. */
    Keep,

    /** Of the idle connections `minIdle` stay, and are pinged. Callers are served as ever. */
    Shrink,

    /**
     * None stays, nothing is dialled or lent, and a pool whose leases are all back does nothing until the app is in the foreground.
     * Callers wait, each to his deadline.
     */
    Suspend,
}
