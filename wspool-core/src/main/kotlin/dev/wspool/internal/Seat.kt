package dev.wspool.internal

import dev.wspool.internal.machine.Member

/** What a pool of a group shares with the others: one clock, one actor and its effects, one flow of events, one readiness. */
internal class Seat(
    val member: Member,
    val clock: Clock,
    val mailbox: Mailbox,
    val effects: EffectQueue,
    val events: EventFlow,
    val readiness: Readiness,
)
