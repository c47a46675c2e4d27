package dev.wspool.samples.devtools

import dev.wspool.Lease
import dev.wspool.WebSocketPool
import dev.wspool.withConnection
import kotlinx.serialization.json.JsonObject
import kotlin.time.Duration
import kotlin.time.TimeSource

/** A way to reach the browser: which connection a call takes. */
abstract class Way(private val timeout: Duration) : AutoCloseable {
    abstract val name: String
    val tally = Tally()

    /** Calls [method] of the browser itself. */
    abstract suspend fun call(method: String, params: JsonObject): JsonObject

    /** Lends the page [target] for the length of [block]. */
    abstract suspend fun <T> withTab(target: String, block: suspend (Tab) -> T): T

    /** Closes what it has opened, in good order: no call is under way. */
    abstract suspend fun finish()

    protected suspend fun <T> WebSocketPool.measured(block: suspend Lease.() -> T): T {
        val start = TimeSource.Monotonic.markNow()
        return withConnection(timeout) {
            tally.waited(start.elapsedNow())
            block()
        }
    }

    protected suspend fun Lease.counted(method: String, params: JsonObject, session: String? = null): JsonObject {
        tally.called()
        return devTools(method, params, session, timeout)
    }

    protected suspend fun WebSocketPool.finish() {
        drain(timeout)
        tally.opened(stats.created)
    }
}
