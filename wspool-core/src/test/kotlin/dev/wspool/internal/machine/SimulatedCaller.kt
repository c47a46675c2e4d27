package dev.wspool.internal.machine

/** A caller of a [PoolSimulation]. */
internal class SimulatedCaller(private val number: Int, val deadline: Long, override val demand: Demand? = null) : Ticket() {
    /** The machine has decided, or has been told, what becomes of him: once. */
    var isAnswered = false

    /** What he got turned out unfit, and he has come again. */
    var hasVetoed = false

    /** He is gone; a connection that comes to him has to be given back. */
    var isCancelled = false

    override fun toString(): String = "caller$number"
}

/** What a caller holds. */
internal class SimulatedLease(val slot: SimulatedSlot, val use: Int) {
    var isReleased = false
}

/** Who wants connections ahead of demand. */
internal class SimulatedWarmUp(target: Int) : WarmUp(target) {
    /** How many dials are made for it at most. */
    var needed = 0

    /** How many have ended since it began, and how many of them in vain. */
    var ended = 0
    var failed = 0

    /** How many failures it has been told of. */
    var told = 0
    var isAnswered = false

    override fun failed(failure: Throwable) {
        told++
    }

    override fun toString(): String = "warmUp($target)"
}
