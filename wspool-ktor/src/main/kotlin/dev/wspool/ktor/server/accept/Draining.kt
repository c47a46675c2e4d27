package dev.wspool.ktor.server.accept

import dev.wspool.WebSocketPool
import dev.wspool.ktor.server.internal.StopPreparation
import io.ktor.server.application.Application
import kotlinx.coroutines.Job
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration
import kotlin.time.TimeSource

/** Drains [pool] while the application stops, and before its engine does. */
internal fun Application.drainWith(pool: WebSocketPool, timeout: Duration) {
    if (timeout > Duration.ZERO) StopPreparation.of(this).add(Draining(pool, timeout))
}

private class Draining(private val pool: WebSocketPool, private val timeout: Duration) : StopPreparation.Part {
    override suspend fun drain(requests: Job) {
        val began = TimeSource.Monotonic.markNow()
        withTimeoutOrNull(timeout) { requests.join() }
        pool.drain((timeout - began.elapsedNow()).coerceAtLeast(Duration.ZERO))
    }

    override fun close() = pool.close()
}
