package dev.wspool.java;

import dev.wspool.InBackground;
import dev.wspool.NetworkSignal;
import dev.wspool.NetworkSignalKt;
import dev.wspool.NetworkState;
import dev.wspool.OnNetworkLoss;
import java.util.Objects;
import kotlinx.coroutines.flow.MutableStateFlow;
import kotlinx.coroutines.flow.StateFlowKt;

/**
 * What an app {@linkplain #tell tells} its pools of the network and of itself. One may serve many pools, and outlive them.
 *
 * <pre>{@code
 * var phone = new JavaNetworkSignal(new NetworkState(true), OnNetworkLoss.Fail, InBackground.Suspend);
 * // given to a pool: network(phone.signal())
 * phone.tell(new NetworkState(false)); // as ConnectivityManager says
 * }</pre>
 */
public final class JavaNetworkSignal {
    private final MutableStateFlow<NetworkState> states;
    private final NetworkSignal signal;

    /**
     * Makes a signal that says {@code initial} until it is told otherwise.
     *
     * @param initial what is so now.
     * @param onLoss what becomes of callers while there is no network.
     * @param inBackground what becomes of a pool while the app is in the background.
     */
    public JavaNetworkSignal(NetworkState initial, OnNetworkLoss onLoss, InBackground inBackground) {
        states = StateFlowKt.MutableStateFlow(Objects.requireNonNull(initial, "initial"));
        signal = NetworkSignalKt.NetworkSignal(states, onLoss, inBackground);
    }

    /**
     * Tells all pools that have it. From any thread; it returns at once, and pools know a moment later. Of states that follow each other fast a pool may see the last alone.
     *
     * @param state what is so now; the same again means nothing.
     */
    public void tell(NetworkState state) {
        states.setValue(Objects.requireNonNull(state, "state")); // a null would end the listening of all pools
    }

    /**
     * What pools are given.
     *
     * @return the same each time.
     */
    public NetworkSignal signal() {
        return signal;
    }
}
