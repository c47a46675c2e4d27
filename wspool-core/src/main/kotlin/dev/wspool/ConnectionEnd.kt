package dev.wspool

import dev.wspool.internal.RealLease
import dev.wspool.internal.log
import dev.wspool.internal.redact
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive

/**
 * Sends a Close frame, for who has more to say by it than [Lease.release] does: a code and a reason. It is the end of both
 * directions (RFC 6455, 5.5.1): nothing can be sent after it, and what the peer sends before its own Close is dropped. What came
 * before can be received; then receives fail, and [Lease.messages] completes, as the peer's code says. The connection is not lent
 * again.
 *
 * Harmless where the connection has ended. Cancelled, it may or may not have sent the frame.
 *
 * @param code 1000, or what RFC 6455, 7.4, lets an endpoint send.
 * @param reason at most 123 bytes of UTF-8.
 * @throws IllegalArgumentException where the engine sends no such code or reason.
 * @throws LeaseReleasedException after [Lease.release].
 * @throws UnsupportedOperationException where the lease is not a connection of its own.
 */
public suspend fun Lease.sendClose(code: Int = CloseInfo.NORMAL, reason: String = "") {
    require(code in SENDABLE && code !in NEVER_SENT) { "Close code $code is never sent (RFC 6455, 7.4)" }
    require(reason.encodeToByteArray().size <= MAX_REASON) { "A close reason has at most $MAX_REASON bytes of UTF-8 (RFC 6455, 5.5)" }
    val lease = real()
    lease.checkOpen()
    lease.owe() // never settled: it is not lent again
    lease.checkOpen()
    try {
        lease.connection.connection.close(code, reason)
    } catch (failure: Throwable) {
        currentCoroutineContext().ensureActive()
        log.debug("{} did not close: {}", lease, lease.connection.redact(failure.toString()))
        lease.connection.connection.abort() // what was asked for is its end
    }
}

/**
 * Waits until the connection has ended, and tells how. While it waits, a [Lease.release] counts as dirty; cancelled, it leaves the
 * lease as it was.
 *
 * @throws LeaseReleasedException after [Lease.release], also for who was waiting.
 * @throws PoolException where the pool has ended the connection: [PoolClosedException], [SendTimeoutException],
 * [ReceiveBufferFullException].
 * @throws UnsupportedOperationException where the lease is not a connection of its own.
 */
public suspend fun Lease.awaitEnd(): CloseInfo {
    val lease = real()
    lease.checkOpen()
    lease.owe() // so that a release tells who waits
    try {
        lease.checkOpen()
        while (true) awaitPongOfNothing(lease)
    } catch (why: PoolException) {
        if (lease.isEnded || why is PoolClosedException) throw why
        return lease.closeInfo ?: throw why
    } finally {
        lease.connection.debts.settle()
    }
}

/** Whoever waits for a pong is told of the end; this one waits for a pong that is never asked for. */
private suspend fun awaitPongOfNothing(lease: RealLease) {
    val nothing = lease.connection.pongs.expect(lease)
    try {
        nothing.pong.await() // a peer that guesses its number is not the end
    } finally {
        lease.connection.pongs.forget(nothing)
    }
}

/** RFC 6455, 7.4.2. */
private val SENDABLE = 1000..4999

/** RFC 6455, 7.4.1. */
private val NEVER_SENT = setOf(1004, CloseInfo.NO_STATUS, CloseInfo.ABNORMAL, 1015)
private const val MAX_REASON = 123
