package dev.wspool.internal.machine

/** A connection that a test plays: it is quiet unless the test lets something arrive. */
internal class ScriptedSlot(number: Long) : Slot(number) {
    /** What has arrived and nobody has read. */
    var unread = 0

    override val isQuiet: Boolean get() = unread == 0
}
