package dev.wspool.internal

import dev.wspool.internal.diagnostics.Shortage

/** One thing to be done after a turn, other than to answer a borrower. */
internal fun interface Chore {
    fun run()
}

/**
 * What is to be done after a turn: chores first, as they start others' work, then the answers to borrowers.
 *
 * Only the owner of the token calls it, but for [carryOut], which touches nothing but what was taken. Answered borrowers
 * form a ring through their own links, named by its last: to note one, and to put two rings together, allocates nothing.
 *
 * @param onFailure told of what an effect throws; that is foreign: a dispatcher's, an engine's.
 */
internal class EffectQueue(private val onFailure: (Throwable) -> Unit) {
    private var answered: Borrower? = null
    private var chores: ArrayList<Chore>? = null

    /** Why there is nothing to lend, as this turn has found out: the same for all whom it refuses. */
    var shortage: Shortage? = null

    val isEmpty: Boolean get() = answered == null && chores == null

    fun later(chore: Chore) {
        (chores ?: ArrayList<Chore>().also { chores = it }).add(chore)
    }

    fun answer(borrower: Borrower, outcome: Any) {
        borrower.outcome = outcome
        borrower.next = borrower
        answered = joined(answered, borrower)
    }

    /** Takes the borrowers that the turn has answered, and puts them behind [before]. */
    fun takeAnswered(before: Borrower?): Borrower? {
        shortage = null
        return joined(before, answered).also { answered = null }
    }

    /** Takes the chores that the turn has left, and puts them behind [before]. */
    fun takeChores(before: ArrayList<Chore>?): ArrayList<Chore>? {
        val taken = chores ?: return before
        chores = null
        return before?.apply { addAll(taken) } ?: taken
    }

    /** Does what was taken. The token is free by now, and other turns run at the same time. */
    fun carryOut(chores: List<Chore>?, answered: Borrower?) {
        chores?.forEach { attempt(it::run) }
        val last = answered ?: return
        var borrower = last.next as Borrower
        while (true) {
            // The link is read before the answer: with it the ticket becomes the borrower's own again.
            val following = borrower.next as Borrower
            val isLast = borrower === last
            borrower.next = null
            attempt(borrower::answer)
            if (isLast) break
            borrower = following
        }
    }

    /** One failure must not keep the rest from being done. */
    private inline fun attempt(action: () -> Unit) {
        try {
            action()
        } catch (failure: Throwable) {
            onFailure(failure)
        }
    }

    /** The ring of both, first those of [first]. A ring is named by its last element, whose `next` is its first. */
    private fun joined(first: Borrower?, second: Borrower?): Borrower? {
        if (first == null || second == null) return first ?: second
        val head = first.next
        first.next = second.next
        second.next = head
        return second
    }
}
