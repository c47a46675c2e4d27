package dev.wspool.internal

import dev.wspool.Message
import dev.wspool.UnsolicitedMessages
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration

/** Hands messages that nobody had asked for to the user's handler, one at a time and in order, by one coroutine of its own. */
internal class Unsolicited(private val pool: RealPool) {
    private class Arrival(val connection: PooledConnection, val message: Message, val policy: UnsolicitedMessages.Handle)

    private val arrivals = Channel<Arrival>(Channel.UNLIMITED) // what has room is asked before, for all of a connection at once

    private val unhandled = AtomicInteger()

    /** False where the handler is so far behind that it is not to be given more. */
    val hasRoom: Boolean get() = unhandled.get() < MOST_UNHANDLED
    private var isHandling = false // touched in turns

    @Volatile
    private var handling: Job? = null

    /** In a turn. */
    fun handle(connection: PooledConnection, messages: List<Message>, policy: UnsolicitedMessages.Handle) {
        unhandled.addAndGet(messages.size)
        messages.forEach { arrivals.trySend(Arrival(connection, it, policy)) }
        if (isHandling || messages.isEmpty()) return
        isHandling = true
        pool.effects.later(::start)
    }

    private fun start() {
        handling = pool.foreign.launch {
            for (arrival in arrivals) {
                unhandled.decrementAndGet()
                pool.background.attempt("unsolicitedMessages.Handle", Duration.INFINITE) {
                    arrival.policy.handler(arrival.connection.id, arrival.message)
                }
            }
        }
    }

    /** The pool has ended, and what is not handled by now never is: a handler may take for ever. */
    fun stop() {
        arrivals.cancel()
        handling?.cancel()
    }

    private companion object {
        /** As many as events: a handler that falls further behind must not fill the heap. */
        const val MOST_UNHANDLED = 1_024
    }
}
