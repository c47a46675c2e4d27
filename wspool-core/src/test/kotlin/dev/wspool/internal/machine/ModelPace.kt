package dev.wspool.internal.machine

/** What the [PoolModel] knows of when a dial may be made. It has the same chance as the machine: one for all of a turn. */
internal class ModelPace(var limits: DialLimits) {
    /** What a dial costs of the time: as set, or as the machine has found. */
    var intervalOf: () -> Long = { limits.connectInterval }
    private val connectInterval: Long get() = intervalOf()

    private var failures = 0
    private var heldUntil = 0L

    /** Until when the server wants to be left alone, whatever succeeds meanwhile. */
    private var askedUntil = 0L
    private var made = 0L

    /** False where connections only come by themselves. */
    val dials: Boolean get() = limits.maxConcurrentConnects > 0

    /** Dials up to this one were made when the last failure was known: theirs say nothing new. */
    private var sameUpTo = 0L

    /** What the dials made have cost and time has not yet paid, as of [debtAt]. */
    private var debt = 0L
    private var debtAt = 0L

    private var isStopped = false

    /** Connections in a row that have spoken unasked. */
    var streak = 0
        private set

    val isBackingOff: Boolean get() = failures > 0

    fun isStopped(now: Long): Boolean = isStopped && now < maxOf(heldUntil, askedUntil)

    /** When the next dial may be made, or [NEVER] while one has to be answered first. */
    fun nextDialAt(dialling: Int): Long {
        if (dialling >= limits.maxConcurrentConnects || (isBackingOff && dialling > 0)) return NEVER
        val paidAt = maxOf(askedUntil, debtAt + debt - connectInterval * (limits.connectBurst - 1))
        return if (isBackingOff) maxOf(paidAt, heldUntil) else paidAt
    }

    fun admitted(slot: Slot) = check(slot.number == ++made) { "$slot is connection $made" }

    fun dialled(slot: Slot, dialling: Int, now: Long) {
        check(slot.number == ++made) { "$slot is dial $made" }
        check(dialling < limits.maxConcurrentConnects) { "$slot is dialled beside $dialling others" }
        if (isBackingOff) {
            check(now >= heldUntil) { "$slot is dialled too soon after a failure" }
            check(dialling == 0) { "$slot is dialled beside the one that was sent ahead" }
        }
        check(now >= askedUntil) { "$slot is dialled while the server is to be left alone" }
        debt = maxOf(0, debt - (now - debtAt))
        debtAt = now
        check(debt <= connectInterval * (limits.connectBurst - 1)) { "$slot is dialled too soon after the others" }
        debt += connectInterval
    }

    fun connected() {
        if (streak == 0) recover()
    }

    fun served() {
        if (streak > 0) recover()
    }

    fun forgive() {
        recover()
        askedUntil = 0
    }

    private fun recover() {
        failures = 0
        streak = 0
        heldUntil = 0
        isStopped = false
    }

    fun failed(slot: Slot, isPermanent: Boolean, retryAfter: Long, now: Long, chance: Double) {
        val isNew = countFailure(slot, now, chance, isPermanent)
        if (isPermanent || isNew) isStopped = isPermanent
        if (retryAfter > 0) askedUntil = maxOf(askedUntil, now + retryAfter)
    }

    fun spokeUnasked(slot: Slot, now: Long, chance: Double) {
        streak++
        countFailure(slot, now, chance)
    }

    fun lost(slot: Slot, aftermath: Aftermath, now: Long, chance: Double) {
        if (aftermath.stopsFor != null) isStopped = true
        if (aftermath.backsOff) countFailure(slot, now, chance, aftermath.stopsFor != null)
        if (aftermath.holdTo > 0) {
            failures = maxOf(failures, 1)
            askedUntil = maxOf(askedUntil, now + aftermath.holdFrom + ((aftermath.holdTo - aftermath.holdFrom) * chance).toLong())
        }
    }

    private fun countFailure(slot: Slot, now: Long, chance: Double, stops: Boolean = false): Boolean {
        if (isBackingOff && slot.number <= sameUpTo && !(stops && now >= heldUntil)) return false
        sameUpTo = made
        val longest = minOf(limits.firstBackoff shl minOf(failures, 20), limits.longestBackoff)
        heldUntil = now + (longest * chance).toLong()
        failures++
        return true
    }
}
