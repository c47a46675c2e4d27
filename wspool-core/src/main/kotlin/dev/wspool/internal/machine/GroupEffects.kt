package dev.wspool.internal.machine

/** What a [GroupMachine] wants done, as [PoolEffects]; what concerns connections its members want of theirs. */
internal interface GroupEffects {
    /** [ticket] gets no connection. */
    fun refuse(ticket: Ticket, refusal: Refusal)

    /** Ask for `nextTick` again: something is due sooner than it said. */
    fun wake()

    /** [member] is gone, and its last socket with it. */
    fun left(member: Member)

    /** The group is closed, and its last member gone. */
    fun ended()
}
