package dev.wspool.ktor.internal

import kotlinx.coroutines.channels.Channel

/**
 * Where the reader waits while nobody takes messages. An opening that comes before the reader has arrived is kept, as the
 * listener may say "stop" and be emptied by another thread before the reader has heard it; one too many lets one message
 * pass, which the listener has room for.
 */
internal class ReadGate {
    private val openings = Channel<Unit>(Channel.CONFLATED)

    fun open() {
        openings.trySend(Unit)
    }

    suspend fun pass() = openings.receive()
}
