package dev.wspool.samples.android

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow

/** Somebody looks at an app while one of its activities is started. Called on the main thread alone, as Android does. */
internal class ForegroundCount {
    private var count = 0
    private val state = MutableStateFlow(false)

    val isForeground: StateFlow<Boolean> = state.asStateFlow()

    fun started() {
        count++
        state.value = true
    }

    fun stopped() {
        count--
        state.value = count > 0
    }
}
