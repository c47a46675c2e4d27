package dev.wspool.samples.android

import dev.wspool.NetworkState
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.mapLatest
import kotlinx.coroutines.flow.stateIn
import kotlin.time.Duration.Companion.milliseconds

/** An activity that is turned is stopped and started again: nobody has gone away before this is over. */
private val TURNING = 700.milliseconds

/** What a pool's `NetworkSignal` is to know, from the default network's handle and from whether somebody looks at the app. */
@OptIn(ExperimentalCoroutinesApi::class)
internal fun phoneStates(network: StateFlow<Long?>, isForeground: StateFlow<Boolean>, scope: CoroutineScope): StateFlow<NetworkState> {
    val isLookedAt = isForeground.mapLatest { isForeground ->
        if (!isForeground) delay(TURNING)
        isForeground
    }
    return combine(network, isLookedAt, ::stateOf)
        .stateIn(scope, SharingStarted.Eagerly, stateOf(network.value, isForeground.value))
}

private fun stateOf(network: Long?, isForeground: Boolean) = NetworkState(network != null, network?.toString(), isForeground)
