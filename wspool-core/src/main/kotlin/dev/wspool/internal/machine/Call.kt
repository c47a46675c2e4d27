package dev.wspool.internal.machine

/** What a [Ticket] carries that waits in a group. */
internal interface Call {
    /** Whom the balancer has chosen, or null before it has. */
    var choice: Member?

    /** True where nobody else will do, while [choice] serves. */
    val isBound: Boolean

    /** True where [choice] is no choice: nobody else ever serves it. */
    val isFixed: Boolean get() = false

    /** Whom it has to do with, and nobody else. */
    val only: Member? get() = if (isFixed) choice else null

    /** Who is to bring a connection for it while it waits: one of his [Member.wanted]. */
    var countedOn: Member?

    /** What the balancer is told of it. */
    val key: Any?
}

/** Chooses who is to serve a [Call]; `Balancer` is its public face. */
internal fun interface Chooser {
    /** One of [candidates], which are not empty. [number] counts the choices. */
    fun choose(candidates: List<Member>, call: Call, number: Long): Member
}
