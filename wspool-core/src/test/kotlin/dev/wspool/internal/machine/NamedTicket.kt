package dev.wspool.internal.machine

/** A caller with a name, for lines that can be read. */
internal class NamedTicket(val name: String, override val demand: Demand? = null) : Ticket() {
    override fun toString(): String = name
}
