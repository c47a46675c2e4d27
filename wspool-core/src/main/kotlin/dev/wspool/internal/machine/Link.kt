package dev.wspool.internal.machine

/** What can stand in a [Chain] and have a deadline in [Deadlines]; intrusive, so that neither allocates. */
internal abstract class Link {
    @JvmField internal var previous: Link? = null

    @JvmField internal var next: Link? = null

    /** When it is due, on the machine's clock; meaningful while it is in [Deadlines]. */
    @JvmField internal var dueAt: Long = NEVER

    /** Its place in [Deadlines], or [NOWHERE]. */
    @JvmField internal var place: Int = NOWHERE

    internal companion object {
        const val NOWHERE: Int = -1
    }
}

/** A point in time, or a span, that does not come. */
internal const val NEVER: Long = Long.MAX_VALUE

/** [this] and a [span], without overflow: what lies beyond the end of time is [NEVER]. */
internal fun Long.plusSpan(span: Long): Long = if (span >= NEVER - this) NEVER else this + span
