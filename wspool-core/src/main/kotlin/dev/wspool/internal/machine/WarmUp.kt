package dev.wspool.internal.machine

/** A wish for connections ahead of demand. The shell extends it by what it needs to answer. */
internal abstract class WarmUp(private val target: Int) {
    /** How many dials may still be made for it; each is made once, so that a server that is down ends it. */
    private var attempts = 0

    fun begin(ready: Int) {
        attempts = (target - ready).coerceAtLeast(0)
    }

    /** How many more connections it wants, with [ready] there. */
    fun wanted(ready: Int): Int = minOf(attempts, target - ready).coerceAtLeast(0)

    /** A dial that was under way has ended. */
    fun dialled(failure: Throwable?) {
        attempts--
        if (failure != null) failed(failure)
    }

    /** In a turn: [failure] is part of the answer. */
    internal abstract fun failed(failure: Throwable)
}

/** The wishes that are not answered yet. */
internal class WarmUps(private val effects: PoolEffects) {
    private val open = ArrayList<WarmUp>()

    val isEmpty: Boolean get() = open.isEmpty()

    fun add(warmUp: WarmUp, ready: Int) {
        warmUp.begin(ready)
        open.add(warmUp)
        answer(ready)
    }

    fun wanted(ready: Int): Int = open.maxOfOrNull { it.wanted(ready) } ?: 0

    fun dialled(failure: Throwable?, ready: Int) {
        open.forEach { it.dialled(failure) }
        answer(ready)
    }

    /** Those whose caller is gone are forgotten. */
    fun cancel(warmUp: WarmUp) {
        open.remove(warmUp)
    }

    fun answer(ready: Int) {
        open.removeAll { warmUp -> (warmUp.wanted(ready) == 0).also { isOver -> if (isOver) effects.warmedUp(warmUp, ready) } }
    }

    /** The pool is closed: all are answered with what there is. */
    fun end() {
        open.forEach { effects.warmedUp(it, 0) }
        open.clear()
    }
}
