package dev.wspool.ktor.server.internal

import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationStopPreparing
import io.ktor.server.application.ApplicationStopping
import io.ktor.util.AttributeKey
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.util.concurrent.CopyOnWriteArrayList

/**
 * What an application does before its engine stops, all at the same time: handlers of that event are called one after the other, and
 * cannot suspend.
 */
internal class StopPreparation private constructor() {
    private val parts = CopyOnWriteArrayList<Part>()

    /** Until the requests are answered that had come before the stop; where nobody counts them that is at once. */
    @Volatile
    var awaitRequests: suspend () -> Unit = {}

    fun add(part: Part) {
        parts += part
    }

    /** Blocks, as engines go on when their handlers return. */
    private fun run() {
        try {
            runBlocking {
                val requests = launch { awaitRequests() }
                for (part in parts) launch { part.drain(requests) }
            }
        } catch (_: InterruptedException) {
            parts.forEach(Part::close)
            Thread.currentThread().interrupt() // whoever stops the engine learns of it
        }
    }

    internal interface Part {
        /** Within a time of its own, of which it may give [requests] some: they borrow until they are answered. */
        suspend fun drain(requests: Job)

        fun close()
    }

    internal companion object {
        private val KEY = AttributeKey<StopPreparation>("WebSocketPoolsStopPreparation")

        fun of(application: Application): StopPreparation = application.attributes.computeIfAbsent(KEY) {
            StopPreparation().also { preparation ->
                val subscription = application.monitor.subscribe(ApplicationStopPreparing) { preparation.run() }
                application.monitor.subscribe(ApplicationStopping) { if (it === application) subscription.dispose() } // it may be reloaded
            }
        }
    }
}
