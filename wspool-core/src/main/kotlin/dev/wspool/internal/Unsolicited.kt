package dev.wspool.internal

import dev.wspool.Message
import dev.wspool.UnsolicitedMessages
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import kotlin.time.Duration

/** Hands messages that nobody had asked for to the user's handler, one at a time and in order, by one coroutine of its own. */
internal class Unsolicited(private val pool: RealPool) {
    private class Arrival(val connection: PooledConnection, val message: Message, val policy: UnsolicitedMessages.Handle)

    private val arrivals = Channel<Arrival>(Channel.UNLIMITED)
    private var isHandling = false // touched in turns

    @Volatile
    private var handling: Job? = null

    /** In a turn. */
    fun handle(connection: PooledConnection, messages: List<Message>, policy: UnsolicitedMessages.Handle) {
        messages.forEach { arrivals.trySend(Arrival(connection, it, policy)) }
        if (isHandling || messages.isEmpty()) return
        isHandling = true
        pool.effects.later(::start)
    }

    private fun start() {
        handling = pool.foreign.launch {
            for (arrival in arrivals) {
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
}
