package dev.wspool.internal.machine

/** The reaper of a [PoolSimulation]: it sleeps until the tick that the machine has named, or until woken, and may oversleep. */
internal class SimulatedReaper(private val model: PoolModel) {
    private var isAwake = true
    private var wakesUnderWay = 0

    /** When the machine was first asked after something had changed that it has to look at the clock for. */
    private var askedAt = Slot.UNSTAMPED

    var plannedTick = NEVER
        private set

    fun isUp(now: Long): Boolean = isAwake || now >= plannedTick

    /** What the reaper does when it is up; true where the machine wants its tick now. */
    fun ask(machine: PoolMachine, now: Long): Boolean {
        isAwake = false
        if (!model.needsStamp) {
            askedAt = Slot.UNSTAMPED
        } else if (askedAt == Slot.UNSTAMPED) {
            askedAt = now
        }
        plannedTick = machine.nextTick(now)
        return plannedTick <= now
    }

    fun hasTicked() {
        askedAt = Slot.UNSTAMPED
        isAwake = true // to ask again
    }

    fun wakeIsUnderWay() {
        wakesUnderWay++
    }

    fun wake() {
        wakesUnderWay--
        isAwake = true
    }

    /** No wake may have been forgotten. */
    fun check() {
        if (isAwake || wakesUnderWay > 0) return
        val due = model.earliestDue(askedAt)
        check(plannedTick <= due) { "The reaper sleeps until $plannedTick, and at $due something is due; ${model.describeDue(due)}" }
    }
}
