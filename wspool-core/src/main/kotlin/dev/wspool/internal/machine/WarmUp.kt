package dev.wspool.internal.machine

/** A wish for connections ahead of demand. The shell extends it by what it needs to answer. */
internal abstract class WarmUp(internal val target: Int) {
    /** How many dials may still be made for it; each is made once, so that a server that is down ends it. */
    private var attempts = 0

    fun begin(ready: Int) {
        attempts = (target - ready).coerceAtLeast(0)
    }

    /** How many more connections it wants, with [ready] there; what is beyond [attainable] it cannot have. */
    fun wanted(ready: Int, attainable: Int): Int = minOf(attempts, minOf(target, attainable) - ready).coerceAtLeast(0)

    /** A dial that was under way has ended. */
    fun dialled(failure: Throwable?) {
        attempts--
        if (failure != null) failed(failure)
    }

    /** In a turn: [failure] is part of the answer. */
    internal abstract fun failed(failure: Throwable)
}

/** The wishes that are not answered yet. */
internal class WarmUps(private val ledger: Ledger) {
    private val effects get() = ledger.effects
    private val open = ArrayList<WarmUp>()

    val isEmpty: Boolean get() = open.isEmpty()

    fun add(warmUp: WarmUp, ready: Int) {
        warmUp.begin(ready)
        open.add(warmUp)
    }

    fun wanted(ready: Int): Int = open.maxOfOrNull { it.wanted(ready, ledger.attainable) } ?: 0

    fun dialled(failure: Throwable?) = open.forEach { it.dialled(failure) }

    /** Those whose caller is gone are forgotten. */
    fun cancel(warmUp: WarmUp) {
        open.remove(warmUp)
    }

    /** Those that have what they want, or all that they can have. */
    fun answer(ready: Int) {
        if (open.isEmpty()) return
        open.removeAll { warmUp ->
            val isOver = warmUp.wanted(ready, ledger.attainable) == 0
            if (isOver) effects.warmedUp(warmUp, ready)
            isOver
        }
    }

    /** The pool lends no more: all are answered with what there is. */
    fun end(ready: Int) {
        open.forEach { effects.warmedUp(it, ready) }
        open.clear()
    }
}
