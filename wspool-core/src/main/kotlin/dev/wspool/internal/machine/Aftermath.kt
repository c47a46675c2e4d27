package dev.wspool.internal.machine

/**
 * What the end of one connection means for the rest: what its close code says, as the pool's policy reads it. [REPLACE], which
 * is most, means nothing.
 *
 * @property stopsFor why who asks for a connection is to be refused until a dial has been tried, or null.
 * @property backsOff counts as a failed dial.
 * @property holdFrom no dial is made for this long at least, [holdTo] at most.
 * @property isSuspicious the other connections may have ended the same way, and are to be proved.
 * @property shrinks the server has too much to do: what lies idle beyond what is to be kept is closed.
 */
internal class Aftermath(
    internal val stopsFor: Throwable? = null,
    internal val backsOff: Boolean = false,
    internal val holdFrom: Long = 0,
    internal val holdTo: Long = 0,
    internal val isSuspicious: Boolean = false,
    internal val shrinks: Boolean = false,
) {
    internal companion object {
        val REPLACE = Aftermath()
    }
}
