package dev.wspool.ktor.engine.loop

import java.nio.channels.SelectionKey

/**
 * Whether a loop asks for the next answer for a moment, again and again, before it sleeps.
 *
 * In a conversation, one message there and one back, a sleeping loop is woken for each, which takes longer than the peer does. So
 * a loop that has had a few quick answers in a row does not sleep at once. It does where sockets are many or messages follow
 * each other, as then what comes meanwhile is read and written together, and seldom tries where answers take longer than polling
 * lasts. A network's take much longer.
 */
internal class Polling(processors: Int = Runtime.getRuntime().availableProcessors()) {
    /** With one processor the peer, or who is to send, would wait for the loop instead. */
    private val isPossible = processors > 1
    private var partner: SelectionKey? = null
    private var credit = 0

    val isWorthwhile: Boolean get() = isPossible && credit >= ENOUGH

    /**
     * The loop has waited for [nanos] nanoseconds, and polled in them where [hasPolled] says so: then these sockets were [ready].
     *
     * @param hasWork whether anything else is to be done.
     */
    fun onWait(nanos: Long, hasPolled: Boolean, ready: Set<SelectionKey>, hasWork: Boolean) {
        val only = if (ready.size == 1 && !hasWork) ready.first() else null
        credit = when {
            hasPolled && nanos > LONGEST -> credit - IN_VAIN
            nanos > QUICK -> 0
            ready.isEmpty() -> credit - 1 // a message was left to the loop, and its answer is still to come
            only == null || only !== partner -> 0
            nanos < TOO_SOON -> credit
            (only.attachment() as Watched).isAnswerDue -> credit + 1
            else -> credit - 1
        }.coerceIn(0, MOST)
        if (!ready.isEmpty()) partner = only
    }

    /** Channels were closed. What it has done with one of them it forgets. */
    fun onReleased() {
        if (partner?.isValid == false) partner = null
    }

    companion object {
        /** How many nanoseconds polling lasts at most: about what it takes to put a thread to sleep and to wake it. */
        const val LONGEST = 50_000L

        /** An answer is quick that takes so many nanoseconds at most, the waking included where the loop has slept. */
        const val QUICK = 200_000L

        /** What comes sooner is no answer, but more of the one before, or was on its way. It says nothing. */
        const val TOO_SOON = 10_000L

        /** Quick answers that are needed first: messages that overlap seldom look like so many. */
        const val ENOUGH = 8

        /** What polling in vain takes away: once in a while it does no harm, and where it is the rule four of five waits are slept through. */
        const val IN_VAIN = 4
        const val MOST = 2 * ENOUGH
    }
}
