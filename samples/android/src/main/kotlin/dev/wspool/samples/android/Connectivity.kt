package dev.wspool.samples.android

import android.net.ConnectivityManager
import android.net.Network
import kotlinx.coroutines.flow.StateFlow

/**
 * The default network, for as long as the process lives. Needs `android.permission.ACCESS_NETWORK_STATE`, and API 24. From API 29
 * on `onBlockedStatusChanged` tells of Doze and Data Saver too: take a blocked network for a lost one.
 */
internal fun ConnectivityManager.defaultNetwork(): StateFlow<Long?> {
    val network = DefaultNetwork(activeNetwork?.networkHandle)
    registerDefaultNetworkCallback(
        object : ConnectivityManager.NetworkCallback() {
            override fun onAvailable(available: Network) = network.available(available.networkHandle)

            override fun onLost(lost: Network) = network.lost(lost.networkHandle)
        },
    )
    return network.handle
}
