package dev.wspool.samples.dashboard

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.coroutineScope

/** One run: from the start to a signal. */
class DashboardRun(private val streams: Streams, private val port: Int) {
    /**
     * Returns the exit status.
     *
     * @throws java.net.BindException where the port is taken.
     */
    suspend fun run(): Int = coroutineScope {
        val end = CompletableDeferred<Unit>()
        Interrupt { end.complete(Unit) }.use { interrupt ->
            val dashboard = Dashboard.start(this)
            try {
                val server = PageServer.start(dashboard, port)
                streams.output.println("The dashboard is at ${server.url} (Ctrl-C ends it)")
                end.await()
                server.stop()
            } finally {
                dashboard.stop()
            }
            checkNotNull(interrupt.status)
        }
    }
}
