package dev.wspool.internal.accept

import dev.wspool.BroadcastReport
import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.Message
import dev.wspool.PoolException
import dev.wspool.SlowReaders
import dev.wspool.internal.PooledConnection
import dev.wspool.internal.RealPool
import dev.wspool.internal.giveUp
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import java.util.concurrent.ConcurrentHashMap

/**
 * Sends to many connections without waiting for any. A client that reads costs a call; one that does not has a [Backlog] and a coroutine
 * until it has caught up.
 */
internal class Broadcasts(private val pool: RealPool) {
    private val backlogs = ConcurrentHashMap<PooledConnection, Backlog>()

    private enum class Outcome { SENT, WAITING, DROPPED, DISCONNECTED }

    /** What waits for a client that reads slowly. */
    private class Backlog {
        private val waiting = ArrayDeque<Message>()
        private var isOver = false

        /** False where there is no room; null where the client has caught up, and nobody will look here again. */
        fun add(message: Message, room: Int): Boolean? = synchronized(this) {
            when {
                isOver -> null
                waiting.size >= room -> false
                else -> waiting.add(message)
            }
        }

        fun next(): Message? = synchronized(this) { waiting.removeFirstOrNull().also { isOver = it == null } }
    }

    fun send(message: Message, policy: SlowReaders, to: List<PooledConnection>): BroadcastReport {
        val counts = IntArray(Outcome.entries.size)
        for (connection in to) counts[offer(connection, message, policy).ordinal]++
        return BroadcastReport(
            sent = counts[Outcome.SENT.ordinal],
            waiting = counts[Outcome.WAITING.ordinal],
            dropped = counts[Outcome.DROPPED.ordinal],
            disconnected = counts[Outcome.DISCONNECTED.ordinal],
        )
    }

    private fun offer(connection: PooledConnection, message: Message, policy: SlowReaders): Outcome {
        while (true) {
            val own = Backlog()
            val other = backlogs.putIfAbsent(connection, own)
            if (other == null) return begin(connection, own, message, policy)
            val isAdded = other.add(message, policy.waiting)
            when {
                isAdded == null -> backlogs.remove(connection, other) // its coroutine is about to
                isAdded -> return Outcome.WAITING
                policy is SlowReaders.Drop -> return Outcome.DROPPED
                else -> return Outcome.DISCONNECTED.also { disconnect(connection, "${policy.waiting} messages of broadcasts wait for it") }
            }
        }
    }

    /** Undispatched: where the engine takes the message at once, all is done when this returns. */
    private fun begin(connection: PooledConnection, backlog: Backlog, first: Message, policy: SlowReaders): Outcome {
        val sending = pool.foreign.launch(start = CoroutineStart.UNDISPATCHED) {
            try {
                var next: Message? = first
                while (next != null) {
                    send(connection, next, policy)
                    next = backlog.next()
                }
            } catch (_: PoolException) {
                // It was lost, which its reader tells the pool, or takes no message of this size.
            } finally {
                backlogs.remove(connection, backlog)
            }
        }
        return if (sending.isCompleted) Outcome.SENT else Outcome.WAITING
    }

    private suspend fun send(connection: PooledConnection, message: Message, policy: SlowReaders) {
        pool.gauges.traffic.sent(message)
        if (policy !is SlowReaders.Disconnect) return connection.connection.send(message)
        withTimeoutOrNull(policy.after) { connection.connection.send(message) }
            ?: disconnect(connection, "it has not taken a message of a broadcast within ${policy.after}")
    }

    private fun disconnect(connection: PooledConnection, why: String) {
        val text = "Connection ${connection.id} to ${pool.name} was aborted: $why (SlowReaders.Disconnect)"
        connection.giveUp(ConnectionLostException(text, CloseInfo(CloseInfo.ABNORMAL)))
    }
}
