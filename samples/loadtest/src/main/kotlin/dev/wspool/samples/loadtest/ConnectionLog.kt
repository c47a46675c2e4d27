package dev.wspool.samples.loadtest

import dev.wspool.ClosedConnection
import dev.wspool.ConnectionId
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.time.Duration
import kotlin.time.TimeSource

/** All connections that the pool has opened, in the order in which they came. The pool's hooks tell of them. */
class ConnectionLog(private val timeSource: TimeSource = TimeSource.Monotonic) {
    private val entries = ConcurrentLinkedQueue<Entry>()

    fun opened(id: ConnectionId) {
        entries += Entry(id.value.oneLine())
    }

    fun closed(connection: ClosedConnection) {
        val entry = entries.lastOrNull { it.id == connection.id.value.oneLine() && it.end == null } ?: return // it never came to be opened
        entry.end = End(connection.openTime, connection.reason.name)
    }

    /** Of those that are open. */
    fun ids(): List<String> = entries.filter { it.end == null }.map { it.id }

    /** The requests of each are not known here. */
    fun results(): List<ConnectionResult> = entries.map { entry ->
        val end = entry.end
        ConnectionResult(entry.id, requests = 0, end?.age ?: entry.start.elapsedNow(), end?.reason)
    }

    private inner class Entry(val id: String) {
        val start = timeSource.markNow()

        @Volatile
        var end: End? = null
    }

    private class End(val age: Duration, val reason: String)
}
