package dev.wspool.samples.dashboard

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.runBlocking
import kotlin.test.assertEquals

/** A dashboard at work, with its page at a free port. */
class Running(val dashboard: Dashboard, val server: PageServer) {
    /** Waits until what the page is told is so. */
    suspend fun await(holds: (Update) -> Boolean): Update = dashboard.news.map { dashboard.after(0, 0) }.first(holds)

    suspend fun obey(command: String, message: String) {
        val outcome = dashboard.obey(command)
        assertEquals(message, outcome?.message)
        assertEquals(true, outcome?.isDone)
    }

    suspend fun assertRefused(command: String, message: String) {
        val outcome = dashboard.obey(command)
        assertEquals(message, outcome?.message)
        assertEquals(false, outcome?.isDone)
    }

    companion object {
        operator fun invoke(test: suspend Running.(CoroutineScope) -> Unit) = runBlocking(Dispatchers.Default) {
            val dashboard = Dashboard.start(this)
            val server = PageServer.start(dashboard, port = 0)
            try {
                Running(dashboard, server).test(this)
            } finally {
                server.stop()
                dashboard.stop()
            }
        }
    }
}

/** How many connections have gone for this reason in the last minute. */
fun Update.gone(reason: String): Long = samples.sumOf { it.gone[reason] ?: 0 }

/** How many callers have had a reply in the last minute. */
val Update.replies: Long get() = samples.sumOf { it.replies }
