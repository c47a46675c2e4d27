package dev.wspool.samples.loadtest

import dev.wspool.ConnectFailedException
import dev.wspool.WebSocketPool
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** Opens all connections of a [pool] before there is a request. */
class Initializer(private val pool: WebSocketPool, private val log: ConnectionLog) {
    /** @throws UnreachableException where none can be opened. */
    suspend fun run(): Initialization {
        val start = TimeSource.Monotonic.markNow()
        val count = pool.config.maxConnections
        // One first: where that fails, the others would, each after a longer wait than the one before.
        val first = pool.warmUp(1)
        if (!first.isComplete) throw UnreachableException(first.failures, pool)
        val all = withTimeoutOrNull(TIME + TIME_FOR_EACH * count) { pool.warmUp(count) }
        if (all?.ready == 0) throw UnreachableException(all.failures, pool)
        return Initialization(count, log.ids(), counts(all?.failures.orEmpty()), start.elapsedNow())
    }

    private fun counts(failures: List<ConnectFailedException>): List<FailureCount> = failures
        .groupBy { it.javaClass }
        .map { (_, alike) -> FailureCount.of(alike.first()).copy(count = alike.size) }

    private companion object {
        val TIME: Duration = 20.seconds

        /** 50 dials a second are what a pool allows itself. */
        val TIME_FOR_EACH = 40.milliseconds
    }
}
