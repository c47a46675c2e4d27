package dev.wspool.ktor.engine.session

import kotlinx.coroutines.delay
import java.io.IOException
import kotlin.concurrent.Volatile
import kotlin.time.Duration
import kotlin.time.TimeSource

/**
 * How long a peer may say nothing while it is listened to; a peer that is held back is not silent.
 *
 * @property failure what comes of more.
 */
internal class ReadTimeout(private val limit: Duration, val failure: () -> IOException) {
    @Volatile
    private var heardAt = TimeSource.Monotonic.markNow()

    /** False from when nothing more is read until [onHeard]. */
    @Volatile
    var isListening = true

    fun onHeard() {
        heardAt = TimeSource.Monotonic.markNow()
        isListening = true
    }

    /** Returns when the peer has been silent for too long. */
    suspend fun await() {
        while (true) {
            val left = limit - heardAt.elapsedNow()
            if (left <= Duration.ZERO && isListening) return
            delay(if (left > Duration.ZERO) left else limit)
        }
    }
}
