package dev.wspool.internal.machine

/**
 * How many connections there may be, and at what pace they are dialled, found by trying where [AdaptiveLimits] leave that
 * open; else as set.
 *
 * - The capacity grows by one when callers have waited in a full pool for a whole interval: leases that come back sooner
 *   than that need no further connection.
 * - It falls when a dial fails, to half of what the pool had hoped for beyond the connections that live; and when one has
 *   been idle too long, to those that have not.
 * - The interval becomes shorter with dials that go well while most connections are in use, longer with those that go well
 *   while few are, and longer by twice as much with each that fails.
 *
 * So a full pool that is well learns nothing new and stays as it is, as no dial is no failure; and a server that is down is
 * dialled ever more seldom, though none is idle. It looks at the time only while callers wait in a full pool.
 */
internal class AdaptiveCapacity(private val ledger: Ledger, private val queue: WaitQueue, private val governor: DialGovernor) {
    private val limits get() = ledger.limits.adaptive
    private val roster get() = ledger.roster

    /** When there will have been too few for a whole interval, or [NEVER]. */
    private var shortUntil = NEVER

    /** When the capacity is to grow if too few are there still, or [NEVER]; not before a dial may be made of it. */
    val growsAt: Long get() = if (shortUntil == NEVER) NEVER else maxOf(shortUntil, governor.permittedFrom(roster.connecting))

    init {
        reconfigured()
    }

    /** What was found holds on, as far as the limits allow. */
    fun reconfigured() {
        val adaptive = limits
        ledger.capacity = adaptive?.bound(ledger.capacity) ?: ledger.limits.maxConnections
        governor.connectInterval = adaptive?.bound(governor.connectInterval) ?: ledger.limits.dials.connectInterval
    }

    /** Somebody wants so many connections now. */
    fun makeWayFor(target: Int) {
        ledger.capacity = maxOf(ledger.capacity, (limits ?: return).bound(target))
    }

    /** Called at the end of each turn after which callers may have to wait. */
    fun look(phase: Phase, now: Long) {
        val adaptive = limits ?: return
        when {
            phase != Phase.OPEN || !isShort(adaptive) -> shortUntil = NEVER
            shortUntil == NEVER -> shortUntil = now.plusSpan(governor.connectInterval)
        }
        ledger.alarm.wakeFor(growsAt)
    }

    /** Does what is due. */
    fun tick(now: Long) {
        if (growsAt > now) return
        shortUntil = NEVER
        if (isShort(limits ?: return)) ledger.capacity++
    }

    /** A dial went well. */
    fun succeeded() {
        val adaptive = limits ?: return
        val used = roster.leased + ledger.limits.connectionsFor(queue.size)
        when {
            used * 5 >= ledger.capacity * 4 -> pace(adaptive, -1)
            used * 5 <= ledger.capacity -> pace(adaptive, 1)
        }
    }

    /** A dial failed. */
    fun failed() {
        val adaptive = limits ?: return
        pace(adaptive, 2)
        val borne = minOf(roster.staying, ledger.capacity)
        ledger.capacity = adaptive.bound(borne + (ledger.capacity - borne) / 2)
    }

    /** Connections were closed that nobody needed, or that the server could not bear. */
    fun shrunk() {
        ledger.capacity = (limits ?: return).bound(minOf(roster.staying, ledger.capacity))
    }

    private fun pace(adaptive: AdaptiveLimits, steps: Int) {
        val step = (adaptive.maxInterval - adaptive.minInterval) / STEPS
        governor.connectInterval = adaptive.bound(governor.connectInterval + steps * step)
    }

    private fun isShort(adaptive: AdaptiveLimits): Boolean = ledger.capacity < adaptive.maxCapacity &&
        roster.size >= ledger.capacity &&
        roster.coming + roster.closing < ledger.limits.connectionsFor(queue.countOfFresh())

    private companion object {
        /** From the shortest interval to the longest. */
        const val STEPS = 8
    }
}
