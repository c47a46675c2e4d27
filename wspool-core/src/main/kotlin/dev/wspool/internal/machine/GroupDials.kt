package dev.wspool.internal.machine

/** What the members of a group have in common when they dial: a bound on their connections, a pace, and numbers that are theirs alone. */
internal class GroupDials(private val ledger: GroupLedger, jitter: Jitter) {
    /** Of the pace alone: how a dial ends is the business of its member's own. */
    private val pace = DialGovernor(ledger.limits.dials, jitter)
    private var lastNumber = 0L

    /** All connections of all members. */
    var total = 0
        private set

    /** Those of them that are being opened. */
    var connecting = 0
        private set

    /** True where there may be more room, or a dial may be made sooner, than when it was last asked. */
    var hasMore = false

    /** How many more there may be; below zero after that was lowered. */
    val room: Int get() = ledger.limits.maxConnections - total

    val permittedFrom: Long get() = pace.permittedFrom(connecting)

    /** The number of the connection that is being dialled. */
    fun dialled(now: Long): Long {
        pace.dialled(now)
        total++
        connecting++
        return ++lastNumber
    }

    fun reconfigured() {
        pace.limits = ledger.limits.dials
        hasMore = true
    }

    fun answered() {
        connecting--
        hasMore = true
    }

    fun gone() {
        total--
        hasMore = true
    }
}
