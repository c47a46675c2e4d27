package dev.wspool.internal.machine

/** A caller in the queue. The shell extends it by what it needs to answer him. */
internal abstract class Ticket : Link() {
    @JvmField internal var state: TicketState = TicketState.NEW

    /** What he insists on, or null where any connection will do. */
    internal open val demand: Demand? get() = null
}

/** Where a [Ticket] is in its life; each goes from [NEW] to one end, once, but for one whose connection was vetoed. */
internal enum class TicketState {
    /** Not yet seen by the machine. */
    NEW,

    /** In the queue. */
    WAITING,

    /** Given a connection. */
    GRANTED,

    /** Told why there is none. */
    REFUSED,

    /** Gone of its own accord. */
    CANCELLED,
}

/** Why a [Ticket] gets no connection. */
internal enum class Refusal {
    TIMED_OUT,
    TOO_MANY_WAITING,
    CONNECT_FAILED,
    NO_NETWORK,
    DRAINING,
    CLOSED,

    /** The one member of a group that was to serve it is leaving. */
    MEMBER_LEFT,
}
