package dev.wspool.internal.diagnostics

import dev.wspool.internal.machine.NEVER
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.CoroutineContext

/**
 * One borrow, where [dev.wspool.Diagnostics] ask for that: it goes with the borrower's context, which the connection keeps for as long as
 * it is lent.
 *
 * @property askedAt when it began, on the pool's clock.
 * @property site where the application asked, if that is noted.
 */
internal class Borrowing(val askedAt: Long, val site: StackTraceElement?) : AbstractCoroutineContextElement(Borrowing) {
    /** When the lease came, or [NEVER]. */
    @Volatile
    var lentAt = NEVER

    /** What looks after the lease, if anything does. */
    @Volatile
    var watched: WatchedLease? = null

    companion object : CoroutineContext.Key<Borrowing>
}
