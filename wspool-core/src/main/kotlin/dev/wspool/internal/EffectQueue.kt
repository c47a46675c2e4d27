package dev.wspool.internal

import dev.wspool.ClosedConnection
import dev.wspool.PoolEvent
import dev.wspool.internal.diagnostics.Shortage
import dev.wspool.internal.diagnostics.level
import dev.wspool.internal.diagnostics.shortage
import dev.wspool.internal.diagnostics.toReason
import dev.wspool.internal.machine.Ending
import dev.wspool.internal.machine.PoolEffects
import dev.wspool.internal.machine.Refusal
import dev.wspool.internal.machine.Slot
import dev.wspool.internal.machine.SlotState
import dev.wspool.internal.machine.Ticket
import dev.wspool.internal.machine.WarmUp
import dev.wspool.transport.redacted

/** One thing to be done after a turn, other than to answer a borrower. */
internal fun interface Chore {
    fun run()
}

/**
 * Notes what the machine decides within turns, and carries it out after them: chores first, as they start others' work,
 * then the answers to borrowers.
 *
 * Only the owner of the token calls it, but for [carryOut], which touches nothing but what was taken. Answered borrowers
 * form a ring through their own links, named by its last: to note one, and to put two rings together, allocates nothing.
 */
internal class EffectQueue(private val pool: RealPool) : PoolEffects {
    private var answered: Borrower? = null
    private var chores: ArrayList<Chore>? = null
    private var shortage: Shortage? = null

    val isEmpty: Boolean get() = answered == null && chores == null

    override fun connect(slot: Slot) {
        val connection = slot as PooledConnection
        pool.eventLog.add { PoolEvent.Connecting(it, connection.id) }
        later(connection::dial)
    }

    override fun cancelConnect(slot: Slot) = later((slot as PooledConnection)::cancelDial)

    override fun deliver(ticket: Ticket, slot: Slot) {
        val borrower = ticket as Borrower
        answer(borrower, (slot as PooledConnection).lendTo(borrower.context))
    }

    override fun refuse(ticket: Ticket, refusal: Refusal) {
        val borrower = ticket as Borrower
        val why = try {
            if (refusal == Refusal.CLOSED || refusal == Refusal.DRAINING) null else shortage ?: pool.shortage().also { shortage = it }
        } catch (failure: Throwable) {
            answer(borrower, Refused(Refusal.CLOSED, borrower.timeout, borrower.context, null)) // the machine has let go of him
            throw failure
        }
        answer(borrower, Refused(refusal, borrower.timeout, borrower.context, why, borrower.demand))
    }

    override fun ping(slot: Slot) {
        val connection = slot as PooledConnection
        val isCheck = slot.state == SlotState.CHECKING || slot.isInDoubt
        if (isCheck) pool.eventLog.add { PoolEvent.Checking(it, connection.id) }
        pool.gauges.outcomes.pings++
        later { pool.pinger.ping(connection) }
    }

    override fun close(slot: Slot, ending: Ending) {
        val connection = slot as PooledConnection
        if (ending == Ending.POOL_CLOSED) connection.isPoolClosed = true
        if (ending == Ending.UNSOLICITED) spokeUnasked()
        noteClosing(connection, ending)
        later(connection::startClosing)
    }

    override fun abort(slot: Slot) {
        val connection = slot as PooledConnection
        if (pool.isClosed) connection.isPoolClosed = true
        if (slot.ending == Ending.NO_PONG) noteClosing(connection, Ending.NO_PONG) // else it was closing before
        later(connection::abort)
    }

    override fun gone(slot: Slot, ending: Ending) {
        val connection = slot as PooledConnection
        val reason = ending.toReason()
        pool.eventLog.add(reason.level) { PoolEvent.Closed(it, connection.id, reason) }
        pool.gauges.outcomes.closed(connection.closeInfo)
        val tell = pool.config.hooks.onClose ?: return
        val closed = ClosedConnection(connection.id, ending.toReason(), connection.closeInfo, connection.openTime, connection.use)
        later { pool.background.run("onClose", pool.config.hooks.onCloseTimeout) { tell(closed) } }
    }

    private fun noteClosing(connection: PooledConnection, ending: Ending) =
        pool.eventLog.add { PoolEvent.Closing(it, connection.id, ending.toReason()) }

    /** After a few in a row it is no accident, and without being told nobody would guess why nothing is ever idle. */
    private fun spokeUnasked() {
        val inARow = pool.machine.governor.unsolicitedInARow
        if (inARow < SPOKE_FIRST || inARow % SPOKE_FIRST != 0) return
        pool.eventLog.add { PoolEvent.SpokenFirst(it, inARow) }
        later { log.warn("{}: {} connections in a row closed, as {}", pool.name, inARow, Shortage.SPOKE_FIRST_ADVICE) }
    }

    override fun warmedUp(warmUp: WarmUp, ready: Int) = later { (warmUp as WarmingUp).over(ready) }

    override fun readinessChanged() {
        if (pool.readiness.isAwaited) later(pool.readiness::changed)
    }

    override fun wake() = later(pool.reaper::wake)

    override fun ended() {
        pool.eventLog.end()
        later(pool.end::come)
    }

    fun later(chore: Chore) {
        (chores ?: ArrayList<Chore>().also { chores = it }).add(chore)
    }

    private fun answer(borrower: Borrower, outcome: Any) {
        borrower.outcome = outcome
        borrower.next = borrower
        answered = joined(answered, borrower)
    }

    /** Takes the borrowers that the turn has answered, and puts them behind [before]. */
    fun takeAnswered(before: Borrower?): Borrower? {
        shortage = null
        return joined(before, answered).also { answered = null }
    }

    /** Takes the chores that the turn has left, and puts them behind [before]. */
    fun takeChores(before: ArrayList<Chore>?): ArrayList<Chore>? {
        val taken = chores ?: return before
        chores = null
        return before?.apply { addAll(taken) } ?: taken
    }

    /** Does what was taken. The token is free by now, and other turns run at the same time. */
    fun carryOut(chores: List<Chore>?, answered: Borrower?) {
        chores?.forEach { attempt(it::run) }
        val last = answered ?: return
        var borrower = last.next as Borrower
        while (true) {
            // The link is read before the answer: with it the ticket becomes the borrower's own again.
            val following = borrower.next as Borrower
            val isLast = borrower === last
            borrower.next = null
            attempt(borrower::answer)
            if (isLast) break
            borrower = following
        }
    }

    /** One failure must not keep the rest from being done. What fails here is foreign: a dispatcher, an engine. */
    private inline fun attempt(action: () -> Unit) {
        try {
            action()
        } catch (failure: Throwable) {
            log.error("{}: an effect failed", pool.name, pool.endpoint.redacted(failure))
        }
    }

    /** The ring of both, first those of [first]. A ring is named by its last element, whose `next` is its first. */
    private fun joined(first: Borrower?, second: Borrower?): Borrower? {
        if (first == null || second == null) return first ?: second
        val head = first.next
        first.next = second.next
        second.next = head
        return second
    }

    private companion object {
        const val SPOKE_FIRST = 3
    }
}
