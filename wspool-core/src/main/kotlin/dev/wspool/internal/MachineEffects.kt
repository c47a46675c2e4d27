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

/** Notes in [queue] what the machine of [pool] decides within turns. */
internal class MachineEffects(private val pool: RealPool, val queue: EffectQueue) : PoolEffects {
    override fun connect(slot: Slot) {
        val connection = slot as PooledConnection
        pool.eventLog.add { PoolEvent.Connecting(it, connection.id) }
        later(connection::dial)
    }

    override fun cancelConnect(slot: Slot) = later((slot as PooledConnection)::cancelDial)

    override fun deliver(ticket: Ticket, slot: Slot) {
        val borrower = ticket as Borrower
        queue.answer(borrower, (slot as PooledConnection).lendTo(borrower.context))
    }

    override fun refuse(ticket: Ticket, refusal: Refusal) {
        val borrower = ticket as Borrower
        val why = try {
            if (refusal == Refusal.CLOSED || refusal == Refusal.DRAINING) null else whyNone()
        } catch (failure: Throwable) { // the machine has let go of him
            queue.answer(borrower, PoolRefused(pool, Refusal.CLOSED, borrower.timeout, borrower.context, null))
            throw failure
        }
        queue.answer(borrower, PoolRefused(pool, refusal, borrower.timeout, borrower.context, why, borrower.demand))
    }

    private fun whyNone() = queue.shortage ?: pool.shortage().also { queue.shortage = it }

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
        pool.readiness.mayHaveChanged()
        pool.seat?.readiness?.mayHaveChanged()
    }

    override fun wake() = later(pool.reaper::wake)

    override fun ended() {
        pool.eventLog.end()
        later(pool.end::come)
    }

    fun later(chore: Chore) = queue.later(chore)

    private companion object {
        const val SPOKE_FIRST = 3
    }
}
