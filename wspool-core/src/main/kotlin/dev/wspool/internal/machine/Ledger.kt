package dev.wspool.internal.machine

/** What the parts of the machine have in common: who is there, what is due, what has happened, and what is wanted done. */
internal class Ledger(
    internal var limits: Limits,
    internal val effects: PoolEffects,
    internal val jitter: Jitter,
    private val member: Member?,
) {
    /** How many connections there may be; see [AdaptiveCapacity]. */
    @JvmField internal var capacity: Int = 0

    /** How many may lie idle: as set, or fewer in the background; see [Surroundings]. */
    @JvmField internal var maxIdle: Int = limits.maxIdle

    /** How many connections there may come to be, as things are: in a group others may have taken what is left. */
    val attainable: Int get() = if (member == null) capacity else minOf(capacity, roster.size + member.roomInGroup)

    val tally = Tally()
    val roster = Roster(limits.leasesPerConnection, member)
    val deadlines = Deadlines() // of callers who wait, and of connections
    val alarm = Alarm(effects::wake)

    fun move(slot: Slot, state: SlotState) {
        if (roster.move(slot, state)) effects.wake()
    }

    /** Enters when [slot] is next due, after that has changed. */
    fun reschedule(slot: Slot) {
        val due = slot.nextDue
        if (slot.place != Link.NOWHERE) {
            if (slot.dueAt == due) return
            deadlines.remove(slot)
        }
        deadlines.add(slot, due)
        alarm.wakeFor(due)
    }
}

/** When the shell means to call `tick` next; it is woken only for what is due sooner. */
internal class Alarm(private val wake: () -> Unit) {
    private var planned = NEVER

    fun set(time: Long) {
        planned = time
    }

    fun wakeFor(time: Long) {
        if (time >= planned) return
        planned = time
        wake()
    }
}
