package dev.wspool.samples.loadtest

import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update
import kotlin.time.Duration

/** How the server fares, and what it has to do. Its sessions ask before whatever they do. */
class ServerCondition {
    private val isRunning = MutableStateFlow(true)
    private val framesSent = MutableStateFlow(0L)

    /** How long each frame takes in addition. */
    @Volatile
    var slowness: Duration = Duration.ZERO

    fun pause() {
        isRunning.value = false
    }

    fun resume() {
        isRunning.value = true
    }

    suspend fun awaitRunning() {
        isRunning.first { it }
    }

    suspend fun beforeFrame() {
        if (slowness.isPositive()) delay(slowness)
        awaitRunning()
    }

    fun frameSent() = framesSent.update { it + 1 }

    /** Waits until one more frame of a reply is sent: some request is being answered. */
    suspend fun awaitFrame() {
        val before = framesSent.value
        framesSent.first { it > before }
    }
}
