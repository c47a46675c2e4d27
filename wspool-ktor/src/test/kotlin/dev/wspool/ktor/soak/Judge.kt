package dev.wspool.ktor.soak

import dev.wspool.BorrowTimeoutException
import dev.wspool.ConnectionLostException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * Tells errors that could be avoided from those that could not. Only two could not:
 *
 * - *Lost*: a [ConnectionLostException] on a connection that a fault of its route has hit, told no later than the pool can know: at once
 *   after a kill, a cut or a reset, and when the ping is overdue after a pause or a stall. One that comes later means that a connection
 *   was lent, or a caller left waiting, though its death was visible.
 * - *No connection*: a [BorrowTimeoutException] at whose time, or less than [RECOVERY] and the slack before, such a fault was under way.
 *
 * All else could: any error while the server is merely slow, a reply that does not come though nothing has ended the connection, an
 * exception of another type, a cancellation that is not the caller's. What a caller does to himself (he cancels, or sets a timeout of
 * some milliseconds) is no error.
 *
 * @param slack how late anything may be on this machine: one second, and as long as it has kept a thread waiting that wanted to run.
 */
internal class Judge(private val timeline: Timeline, private val slack: () -> Duration) {
    /** Whether [failure], told [at] a moment to the holder of a connection of [route] (null: he held none), could not be avoided. */
    fun excuses(failure: Throwable, route: Route?, at: Long): Boolean = when {
        failure is BorrowTimeoutException && route == null -> timeline.all.any { it.starves(at) }
        failure is ConnectionLostException && route != null -> timeline.all.any { route in it.fault.routes && it.kills(at) }
        else -> false
    }

    /** The row of the figures to which what happens [at] a moment belongs; null where all is well. */
    fun phase(at: Long): Fault? = timeline.blamed(at, slack())

    private fun Timeline.Entry.kills(at: Long): Boolean {
        val detection = fault.detection ?: return false
        return at >= start && !isAfter(detection + slack(), at)
    }

    private fun Timeline.Entry.starves(at: Long): Boolean =
        fault.detection != null && at >= start && (end == Long.MAX_VALUE || at - end < (RECOVERY + slack()).inWholeNanoseconds)

    companion object {
        /** How long after the end of a fault a borrow may still go without: the backoff's half second, and the dials. */
        val RECOVERY: Duration = 2.seconds
    }
}
