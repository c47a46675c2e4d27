package dev.wspool.ktor.server.accept

import dev.wspool.WebSocketPool
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationStopPreparing
import kotlinx.coroutines.runBlocking
import kotlin.time.Duration

/** Drains [pool] while the application stops, and before its engine does; the handler of that cannot suspend. */
internal fun Application.drainWith(pool: WebSocketPool, timeout: Duration) {
    if (timeout == Duration.ZERO) return
    monitor.subscribe(ApplicationStopPreparing) {
        try {
            runBlocking { pool.drain(timeout) }
        } catch (_: InterruptedException) {
            pool.close()
            Thread.currentThread().interrupt() // whoever stops the engine learns of it
        }
    }
}
