package dev.wspool.ktor.server.internal

import dev.wspool.PoolClosedException
import dev.wspool.WebSocketPool
import io.ktor.server.application.Application
import io.ktor.server.application.log
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration

/** Opens [count] connections of [pool] ahead, within [timeout]. Where that fails the application goes on, and its log says so. */
internal class WarmUp(
    private val pool: WebSocketPool,
    private val count: Int,
    private val timeout: Duration,
    private val application: Application,
) {
    val job: Job = application.launch { run() }

    /** That it is under way; null where it is over. */
    val underWay: String?
        get() = if (job.isActive) "The pool is being warmed up: ${pool.stats.let { it.idle + it.leased }} of $count." else null

    private suspend fun run() {
        try {
            val report = withTimeoutOrNull(timeout) { pool.warmUp(count) }
            when {
                report == null -> application.log.warn("Pool ${pool.name}: warming up $count connections was not done within $timeout")
                !report.isComplete -> application.log.warn("Pool ${pool.name}: warming up: $report")
            }
        } catch (closed: PoolClosedException) {
            application.log.info("Pool ${pool.name}: warming up ended with the pool: ${closed.message}")
        }
    }
}
