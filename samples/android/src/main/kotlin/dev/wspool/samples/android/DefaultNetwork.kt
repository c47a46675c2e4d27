package dev.wspool.samples.android

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow

/**
 * The network that new sockets go over, by its handle, or null while there is none; from what Android calls back.
 *
 * @param initial that of `ConnectivityManager.activeNetwork`: where there is no network Android calls nothing back at first.
 */
internal class DefaultNetwork(initial: Long?) {
    private val current = MutableStateFlow(initial)

    val handle: StateFlow<Long?> = current.asStateFlow()

    fun available(handle: Long) {
        current.value = handle
    }

    /** The old network may be lost after the new one has come: that means nothing. */
    fun lost(handle: Long) {
        current.compareAndSet(handle, null)
    }
}
