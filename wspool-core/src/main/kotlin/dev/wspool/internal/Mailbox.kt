package dev.wspool.internal

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.onSuccess
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.EmptyCoroutineContext

/**
 * Makes turns follow one another: a mailbox and one ownership token.
 *
 * Who finds the token free takes it and runs his own turn at once, on his own thread ([tryEnter], [leave]). Who does not
 * leaves a message ([post]), and the owner serves it before he lets the token go. An owner who has served [MOST_SERVED]
 * messages puts the held token down as a *baton*, for the pool's dispatcher to go on, or for whoever needs an answer sooner.
 *
 * The effects of turns are taken while the token is held and carried out after it is free. The mailbox is never closed:
 * closing is a state of the machine, so that whatever comes late is still answered.
 *
 * @param afterTurn part of each turn, where several machines take theirs here.
 */
internal class Mailbox(
    private val dispatcher: CoroutineDispatcher,
    private val effects: EffectQueue,
    private val onCrash: (Throwable) -> Unit,
    private val afterTurn: Runnable? = null,
) {
    private val messages = Channel<Turn>(Channel.UNLIMITED)

    /** 0 while the token is free, else 1 for the turn under way and 1 for each message that is not served, sent or nearly so. */
    private val load = AtomicInteger()

    /** True while the token is held by nobody in particular, and whoever takes the baton is its owner. */
    private val baton = AtomicBoolean()

    private val serveBaton = Runnable { tryServe() }

    /** Takes the token if it is free and nobody waits for it. The caller runs one turn, and then must [leave]. */
    fun tryEnter(): Boolean = load.get() == 0 && load.compareAndSet(0, 1)

    /** Ends the turn that [tryEnter] began. */
    fun leave() {
        if (afterTurn != null) end(afterTurn)
        release()
    }

    private fun release() {
        if (effects.isEmpty && load.compareAndSet(1, 0)) return
        serveAndRelease()
    }

    /**
     * Runs [turn]: now if the token is free, else when those before it are served. What one thread posts is served in the
     * order in which it posted: a message is counted before it is sent, so that nobody finds the token free while it waits.
     */
    fun post(turn: Turn) {
        if (load.getAndIncrement() == 0) {
            run(turn)
            release()
        } else {
            messages.trySend(turn).getOrThrow()
        }
    }

    /**
     * Runs [question] as a turn and returns its answer. Waits, without suspending, for the turns before it: microseconds,
     * as they run no foreign code; a baton that lies about is taken up rather than waited for.
     */
    fun <T> ask(question: () -> T): T {
        val asked = Question(question)
        post(asked)
        while (!asked.isAnswered) {
            if (!tryServe()) Thread.yield()
        }
        return asked.answer()
    }

    private fun tryServe(): Boolean {
        if (!baton.compareAndSet(true, false)) return false
        run(next())
        serveAndRelease()
        return true
    }

    /** Called by the owner, after a turn: serves what has come meanwhile, frees the token, carries out the effects. */
    private fun serveAndRelease() {
        var answered = effects.takeAnswered(null)
        var chores = effects.takeChores(null)
        var served = 0
        while (load.decrementAndGet() != 0) {
            if (++served > MOST_SERVED && handOver()) break
            run(next())
            answered = effects.takeAnswered(answered)
            chores = effects.takeChores(chores)
        }
        effects.carryOut(chores, answered)
    }

    /** The next message. It is counted, so it is in the channel or about to be: its sender is between two lines. */
    private fun next(): Turn {
        while (true) {
            messages.tryReceive().onSuccess { return it }
            Thread.yield()
        }
    }

    /** Puts the held token down as a baton. False where the dispatcher refuses it, and this thread has to go on. */
    private fun handOver(): Boolean {
        baton.set(true)
        try {
            dispatcher.dispatch(EmptyCoroutineContext, serveBaton)
            return true
        } catch (failure: Throwable) {
            log.warn("The dispatcher of a pool refuses to run: {}", failure.toString())
            return !baton.compareAndSet(true, false)
        }
    }

    private fun run(turn: Turn) {
        try {
            turn.take()
        } catch (failure: Throwable) {
            onCrash(failure)
        }
        if (afterTurn != null) end(afterTurn)
    }

    private fun end(turn: Runnable) {
        try {
            turn.run()
        } catch (failure: Throwable) {
            onCrash(failure)
        }
    }

    private companion object {
        const val MOST_SERVED = 32
    }
}

private class Question<T>(private val question: () -> T) : Turn {
    private var result: Result<T>? = null

    @Volatile
    var isAnswered = false
        private set

    override fun take() {
        val outcome = runCatching(question)
        result = outcome
        isAnswered = true
        outcome.getOrThrow() // as any turn that throws
    }

    fun answer(): T = result!!.getOrThrow()
}
