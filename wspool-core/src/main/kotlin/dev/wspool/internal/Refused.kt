package dev.wspool.internal

import dev.wspool.BorrowTimeoutException
import dev.wspool.PoolClosedException
import dev.wspool.PoolException
import dev.wspool.TooManyWaitersException
import dev.wspool.internal.machine.Refusal
import kotlinx.coroutines.CoroutineName
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration.Companion.nanoseconds

/** Why a borrower gets nothing. Noted in the turn; the exception is made from it after the turn, as that takes its time. */
internal class Refused(private val refusal: Refusal, private val timeout: Long, private val shortage: Shortage?) {
    fun toException(pool: RealPool): PoolException = when (refusal) {
        Refusal.TIMED_OUT -> BorrowTimeoutException(
            "No connection to ${pool.name} within ${timeout.nanoseconds}: $shortage",
            shortage?.lastFailure,
        )
        Refusal.TOO_MANY_WAITING -> TooManyWaitersException(
            "No place in the queue for ${pool.name}: ${pool.config.maxWaiting} may wait (maxWaiting); $shortage",
            shortage?.lastFailure,
        )
        Refusal.CONNECT_FAILED -> shortage?.lastFailure!! // typed as it came, and the same for all whom it concerns
        Refusal.DRAINING -> PoolClosedException("The pool for ${pool.name} is draining: it lends no more")
        Refusal.CLOSED -> pool.closedException()
    }
}

/** What a pool was doing when it had nothing to lend: numbers of one moment, for the text of an error. */
internal class Shortage(
    private val leased: Int,
    private val connecting: Int,
    private val closing: Int,
    private val waiting: Int,
    private val maxConnections: Int,
    private val isPaused: Boolean,
    private val isSpokenFirst: Boolean,
    private val longestLease: Long,
    private val holder: CoroutineContext?,
    val lastFailure: PoolException?,
) {
    override fun toString(): String = buildString {
        append(leased).append(" of ").append(maxConnections).append(" leased (maxConnections), ")
        append(connecting).append(" connecting, ")
        if (closing > 0) append(closing).append(" closing, ")
        append(waiting).append(" waiting.")
        if (leased > 0) {
            append(" Longest lease: ").append(longestLease.nanoseconds.inWholeSeconds).append('s')
            holder?.get(CoroutineName)?.let { append(", coroutine \"").append(it.name).append('"') }
            append('.')
        }
        append(" Last connect failure: ").append(lastFailure?.message ?: "none").append('.')
        if (isPaused) append(" The pool is paused: it dials and lends nothing until it is resumed.")
        if (isSpokenFirst) append(" Connections are closed, as ").append(SPOKE_FIRST_ADVICE).append('.')
    }

    internal companion object {
        const val SPOKE_FIRST_ADVICE =
            "the server speaks before anybody has asked: read its greeting in onConnect, or set unsolicitedMessages"
    }
}
