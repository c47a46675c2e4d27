package dev.wspool.internal.machine

/**
 * What the machine wants done. Each is called within a turn and only noted there; it is carried out after the turn, in any
 * order and on any thread, and does nothing where what it names has ended.
 */
internal interface PoolEffects {
    /** Dial; answer with `connected` or `connectFailed`, always. */
    fun connect(slot: Slot)

    /** Give up a dial; it is still to be answered. */
    fun cancelConnect(slot: Slot)

    /** [ticket] has got [slot], for the use that `slot.use` counts. */
    fun deliver(ticket: Ticket, slot: Slot)

    /** [ticket] gets no connection. */
    fun refuse(ticket: Ticket, refusal: Refusal)

    /** Send a ping; where [slot] is [SlotState.CHECKING], answer with `pong` when one comes. */
    fun ping(slot: Slot)

    /** Start the closing handshake; answer with `lost` when the socket is closed. Its lease, if any, ends now. */
    fun close(slot: Slot, ending: Ending)

    /** Close the socket at once; answer with `lost`. Its lease, if any, ends now. */
    fun abort(slot: Slot)

    /** [slot] counts no more. */
    fun gone(slot: Slot, ending: Ending)

    /** [warmUp] is over, with [ready] connections idle or leased. */
    fun warmedUp(warmUp: WarmUp, ready: Int)

    /** The pool has become ready, or will never be: who waits for that is to look again. */
    fun readinessChanged()

    /** Ask for `nextTick` again: something is due sooner than it said. */
    fun wake()

    /** The pool is closed and its last socket too. */
    fun ended()
}
