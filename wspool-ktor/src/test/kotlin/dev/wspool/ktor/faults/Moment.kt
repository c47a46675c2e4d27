package dev.wspool.ktor.faults

/** What a connection is at when its peer does wrong. */
internal enum class Moment(private val text: String) {
    /** Being opened: for what happens after the upgrade, in `onConnect`, which waits for a greeting. */
    Dialing("dialing"),

    /** With nobody. */
    Idle("idle"),

    /** With a caller who waits for a message. */
    Reading("leased, reading"),

    /** With a caller who sends and sends. */
    Writing("leased, writing"),

    /** The pool has sent a Close. */
    Closing("closing"),
    ;

    override fun toString() = text
}
