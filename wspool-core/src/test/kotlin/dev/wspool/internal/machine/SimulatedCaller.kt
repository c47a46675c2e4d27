package dev.wspool.internal.machine

/** A caller of a [PoolSimulation]. */
internal class SimulatedCaller(private val number: Int, val deadline: Long) : Ticket() {
    /** The machine has decided, or has been told, what becomes of him: once. */
    var isAnswered = false

    /** He is gone; a connection that comes to him has to be given back. */
    var isCancelled = false

    override fun toString(): String = "caller$number"
}

/** What a caller holds. */
internal class SimulatedLease(val slot: SimulatedSlot, val use: Int) {
    var isReleased = false
}
