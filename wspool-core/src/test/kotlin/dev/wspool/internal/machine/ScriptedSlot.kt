package dev.wspool.internal.machine

/** A connection that a test plays: it is quiet unless the test lets something arrive. */
internal class ScriptedSlot(number: Long) : Slot(number) {
    /** What has arrived and nobody has read. */
    var unread = 0

    /** True where the pool has a way for unsolicited messages. */
    var isForgiven = false

    override var id: Any = number

    override val isQuiet: Boolean get() = unread == 0

    override fun quieten(): Boolean {
        if (isForgiven) unread = 0
        return isQuiet
    }

    override var heard = 0
    override var pongAt = 0L
    override var isParked = false
    override var canPing = true
}
