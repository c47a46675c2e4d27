package dev.wspool.ktor.engine.loop

import kotlinx.coroutines.CancellableContinuation
import kotlin.coroutines.resume

/** Those who wait until no more than so much is unwritten. Guarded by the socket's lock. */
internal class RoomWaiters {
    class Waiter(val most: Int, val continuation: CancellableContinuation<Boolean>)

    private val waiters = ArrayList<Waiter>(1)

    val isEmpty: Boolean get() = waiters.isEmpty()

    fun add(waiter: Waiter) {
        waiters += waiter
    }

    fun remove(waiter: Waiter) {
        waiters -= waiter
    }

    /** Takes out those for whom [unwritten] bytes are few enough; null for none. They are to be [told][tell] without the lock. */
    fun takeSatisfied(unwritten: Int): List<Waiter>? {
        if (waiters.none { unwritten <= it.most }) return null
        return waiters.filter { unwritten <= it.most }.also { waiters -= it.toSet() }
    }

    fun takeAll(): List<Waiter> = waiters.toList().also { waiters.clear() }

    companion object {
        /** @param isRoom false where the socket is closed, and there will never be room again. */
        fun tell(waiters: List<Waiter>?, isRoom: Boolean) {
            waiters?.forEach { it.continuation.resume(isRoom) }
        }
    }
}
