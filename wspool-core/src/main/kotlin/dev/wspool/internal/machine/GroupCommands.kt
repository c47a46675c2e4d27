package dev.wspool.internal.machine

// What the user wants of the group as a whole: inputs of the machine as its others.

/** Neither dials nor lends until [resume]; who comes later to the group pauses too. */
internal fun GroupMachine.pause() {
    if (phase != Phase.OPEN) return
    phase = Phase.PAUSED
    members.forEach { it.machine.pause() }
}

/** Ends a [pause]; what had failed is forgiven in any case. */
internal fun GroupMachine.resume(now: Long) {
    if (phase == Phase.PAUSED) phase = Phase.OPEN
    members.forEach { it.machine.resume(now) }
}

/** Connections that are too many by [limits] go: idle ones in this turn, leased ones when they come back. */
internal fun GroupMachine.reconfigure(limits: GroupLimits) {
    ledger.limits = limits
    dials.reconfigured()
    ledger.effects.wake() // spans may have become shorter
}
