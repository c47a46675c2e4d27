package dev.wspool.internal.machine

/** What the members of a group have in common when they dial: a bound on their connections, a pace, and numbers that are theirs alone. */
internal class GroupDials(private val ledger: GroupLedger, jitter: Jitter) {
    /** Of the pace alone: how a dial ends is the business of its member's own. */
    private val pace = DialGovernor(ledger.limits.dials, jitter).also { it.connectInterval = it.limits.connectInterval }
    private var lastNumber = 0L

    /** All connections of all members. */
    var total = 0
        private set

    /** Those of them that are being opened. */
    private var connecting = 0

    /** Those of them that nobody counts on any more: they keep no other dial up. */
    var stalled = 0

    /** True where there may be more room, or a dial may be made sooner, than when it was last asked; or a member would dial. */
    var hasMore = false

    /** True where a member would dial, but for others who have all that there may be. */
    var isCrowded = false

    /** Whom the next room is for: another has given up a connection for it. */
    var reservedFor: Member? = null

    val isUnsettled: Boolean get() = hasMore || isCrowded || reservedFor != null || room < 0

    /** How many more there may be; below zero after that was lowered. */
    val room: Int get() = ledger.limits.maxConnections - total

    val permittedFrom: Long get() = pace.permittedFrom(connecting - stalled)

    /** How many more [member] may have, or those who wait for no member in particular. */
    fun roomFor(member: Member?): Int = if (reservedFor == null || reservedFor === member) room else room - 1

    /** The number of the connection that [member] is dialling. */
    fun dialled(member: Member, now: Long): Long {
        if (reservedFor === member) reservedFor = null
        pace.dialled(now)
        total++
        connecting++
        return ++lastNumber
    }

    fun settled() {
        hasMore = false
        isCrowded = false
    }

    fun reconfigured() {
        pace.limits = ledger.limits.dials
        pace.connectInterval = pace.limits.connectInterval
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
