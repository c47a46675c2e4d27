package dev.wspool.internal.machine

/** What the parts of a [GroupMachine] have in common, as [Ledger]. */
internal class GroupLedger(internal var limits: GroupLimits, internal val effects: GroupEffects) {
    val tally = Tally() // of callers alone
    val alarm = Alarm(effects::wake)

    /** True where nobody waits any more for what is one member's alone. */
    var hasEmptied = false
}
