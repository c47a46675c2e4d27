package dev.wspool.internal.machine

/** Something under way in a [PoolSimulation]: an effect that is to be carried out, or an input that is to reach the machine. */
internal class Event(
    val kind: Kind,
    val slot: SimulatedSlot? = null,
    val caller: SimulatedCaller? = null,
    val use: Int = 0,
    val ending: Ending? = null,
) {
    enum class Kind {
        // effects
        CONNECT,
        CANCEL_CONNECT,
        DELIVER,
        REFUSE,
        PING,
        CHECK,
        CLOSE,
        ABORT,
        WARMED_UP,
        WAKE,
        ENDED,

        // inputs
        CONNECTED,
        CONNECT_FAILED,
        REFUSED_FOR_GOOD,
        UNSOLICITED,
        PONG,
        LOST,
        RETURNED,
        BORROW_AGAIN,
        CANCELLED,
    }

    override fun toString(): String = listOfNotNull(kind, caller, slot, use.takeIf { it > 0 }?.let { "use $it" }, ending).joinToString(" ")
}
