package dev.wspool.internal.machine

/**
 * Brings connections to those who want them: proves idle ones that nobody would trust, dials, and where the pool is full of
 * connections that fit nobody makes room. It never has more under way than are wanted.
 */
internal class Supply(
    private val ledger: Ledger,
    private val queue: WaitQueue,
    private val governor: DialGovernor,
    private val health: Health,
    private val departures: Departures,
    private val member: Member?,
    private val newSlot: (number: Long) -> Slot,
) {
    private val limits get() = ledger.limits
    private val roster get() = ledger.roster

    val warmUps = WarmUps(ledger)

    /** The number of the last connection that was dialled or admitted. */
    var lastNumber = 0L
        private set

    /** When it last looked at who wants what. */
    var providedAt = 0L
        private set

    /** Dials that are owed to connections which will be missed: each is made once, where there is room. */
    private var owed = 0

    /** True where it is to dial though nobody waits, and nothing but room is missing. */
    fun isKeeping(phase: Phase, now: Long): Boolean = phase == Phase.OPEN &&
        roster.size < ledger.capacity &&
        roster.coming < toKeep() &&
        governor.permits(now, roster.connecting)

    /** True where a dial is owed that has not been made. */
    val isOwing: Boolean get() = owed > 0

    /** A connection in use will not come back: its successor is dialled before it is missed. */
    fun oweSuccessor() {
        owed++
    }

    /** How many callers would take what is dialled here. */
    private val callers: Int get() = queue.countOfFresh() + wantedByGroup

    private val wantedByGroup: Int get() = member?.wanted ?: 0

    /** True where one more connection may be had. */
    val hasRoom: Boolean get() = roster.size < ledger.capacity && member?.mayDial != false

    /** How many connections are under way for those who would take them, or should be. */
    val wantedByCallers: Int get() = limits.connectionsFor(callers)

    /** How many callers what is coming will serve. */
    val placesComing: Int get() = roster.coming * limits.leasesPerConnection

    val ready: Int get() = roster.idle.size + roster.leased

    /** Nobody waits, and all that lies idle needs proof. */
    fun proveOne(now: Long) {
        if (roster.checking == 0) roster.idle.lastOrNull { health.needsProof(it, now) }?.let { health.check(it, now) }
    }

    fun provide(phase: Phase, now: Long) {
        providedAt = now
        if (phase == Phase.PAUSED || phase == Phase.CLOSED) return
        while (isProofWanted()) health.check(doubted(now) ?: break, now)
        while (wantsDial(phase)) {
            val from = permittedFrom
            if (from > now) return ledger.alarm.wakeFor(from)
            if (member != null && !member.mayBegin()) return
            governor.dialled(now)
            if (owed > 0) owed--
            lastNumber = member?.dialled(now) ?: (lastNumber + 1)
            begin(newSlot(lastNumber).also { it.since = now })
        }
    }

    /** When a dial may be made; [NEVER] while one that is under way has to be answered first. */
    val permittedFrom: Long get() = maxOf(governor.permittedFrom(roster.connecting), member?.permittedFrom ?: Long.MIN_VALUE)

    /** A connection comes by itself: there is a place for it, or null. */
    fun admit(owner: Any?): Slot? {
        if (roster.size >= ledger.capacity) return null
        val slot = newSlot(++lastNumber)
        slot.isDialled = false
        slot.belongsTo = owner
        begin(slot)
        return slot
    }

    private fun begin(slot: Slot) {
        roster.add(slot)
        ledger.effects.connect(slot)
    }

    /** Where not every connection fits everyone, a dial that is under way may be none for whom the idle one fits. */
    private fun isProofWanted(): Boolean {
        val coming = if (queue.isPicky) roster.checking else roster.coming
        return coming < limits.connectionsFor(queue.size + wantedByGroup)
    }

    /** When a dial that is wanted may be made, or [NEVER]. */
    fun nextDialAt(phase: Phase): Long = if (wantsDial(phase) || wantsRoom(phase)) permittedFrom else NEVER

    /** True where [ticket], which no idle connection is fit for now, would be waiting for a dial or a proof, and for no other caller. */
    fun canProvideFor(ticket: Ticket, phase: Phase, now: Long): Boolean {
        if (phase != Phase.OPEN) return false
        if (roster.idle.firstOrNull { health.needsProof(it, now) && queue.fits(ticket, it, now) } != null) return true
        val isRoom = roster.size < ledger.capacity || !roster.idle.isEmpty() // as what is unfit makes room
        return isRoom && queue.takesFresh(ticket) && governor.permits(now, roster.connecting)
    }

    private fun wantsDial(phase: Phase): Boolean {
        if (phase == Phase.PAUSED || phase == Phase.CLOSED || roster.size >= ledger.capacity) return false
        return roster.coming < wantedByCallers + (if (phase == Phase.OPEN) toKeep() else 0) && hasRoom
    }

    /** How many connections are missing that the pool holds ahead of demand. */
    private fun toKeep(): Int {
        val missing = limits.minIdle - (roster.idle.size - roster.aging)
        return maxOf(missing, warmUps.wanted(ready), member?.probes ?: 0, 0) + owed
    }

    /** An idle connection that somebody waits for, and that has to be proved first. */
    private fun doubted(now: Long): Slot? =
        roster.idle.lastOrNull { health.needsProof(it, now) && (queue.firstFitting(it, now) != null || member?.isWanted == true) }

    /** Who waits for a fresh connection gets the place of an idle one, as it fits nobody who waits. True where one goes. */
    fun makeRoom(phase: Phase, now: Long): Boolean {
        if (!wantsRoom(phase)) return false
        val from = permittedFrom
        if (from > now) {
            ledger.alarm.wakeFor(from) // until then it may still be of use
            return false
        }
        departures.retire(roster.idle.first!!, Ending.UNFIT, now)
        return true
    }

    private fun wantsRoom(phase: Phase): Boolean = phase == Phase.OPEN &&
        roster.size >= ledger.capacity &&
        !roster.idle.isEmpty() &&
        roster.coming + roster.closing < wantedByCallers
}
