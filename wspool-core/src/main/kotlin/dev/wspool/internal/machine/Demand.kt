package dev.wspool.internal.machine

/**
 * What a caller insists on, or would like.
 *
 * @property id the one connection that he wants, by its [Slot.id]; he causes no dial and no retirement.
 * @property key what a connection is remembered by that has served it: he gets the same again if it can be had.
 * @property isHard with [key]: no other, while that one lives.
 * @property minRemaining how much of its life the connection must have left.
 * @property isFresh it must never have been lent, or have been dialled after [freshFrom].
 * @property freshFrom the number of a dial.
 */
internal class Demand(
    internal val id: Any? = null,
    internal val key: Any? = null,
    internal val isHard: Boolean = false,
    internal val minRemaining: Long = 0,
    internal val isFresh: Boolean = false,
    internal val freshFrom: Long = NEVER,
)

/** Which connection served a key last: the [CAPACITY] keys that were used last, the longest unused is forgotten first. */
internal class Affinity {
    private val served = LinkedHashMap<Any, Slot>()

    /** The living connection that is bound to [key], or null. */
    fun slotOf(key: Any): Slot? {
        val slot = served.remove(key) ?: return null
        if (slot.state == SlotState.ENDED || slot.ending != null) return null
        served[key] = slot
        return slot
    }

    /** True where [key] was bound to another connection. */
    fun bind(key: Any, slot: Slot): Boolean {
        val before = served.remove(key)
        served[key] = slot
        if (served.size > CAPACITY) served.remove(served.keys.first())
        return before != null && before !== slot
    }

    private companion object {
        const val CAPACITY = 1_000
    }
}
