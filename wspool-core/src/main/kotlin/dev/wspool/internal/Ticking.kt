package dev.wspool.internal

import kotlinx.coroutines.CoroutineScope

/** What a [Reaper] keeps the time of: a pool, or a group of them. */
internal interface Ticking {
    val scope: CoroutineScope

    val mailbox: Mailbox

    val hasEnded: Boolean

    fun now(): Long

    /** When it wants a [tick] next, or `NEVER`. */
    fun nextTick(now: Long): Long

    fun tick()

    fun close()
}
