package dev.wspool.internal

import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.FullReceiveBuffer
import dev.wspool.MessageTooBigException
import dev.wspool.PoolEvent
import dev.wspool.PoolException
import dev.wspool.ReceiveBufferFullException
import dev.wspool.internal.machine.SlotState
import dev.wspool.internal.machine.close
import dev.wspool.internal.machine.lost
import dev.wspool.transport.Capability
import dev.wspool.transport.redact
import dev.wspool.transport.redacted
import org.slf4j.event.Level

/** What whoever uses the connection is told of its [end]; [failure] is what broke it, as its engine says. */
internal fun PooledConnection.lossOf(end: CloseInfo, failure: Throwable?): PoolException {
    if (failure is MessageTooBigException) {
        return MessageTooBigException("Connection $id to ${pool.name} was lost: ${failure.message?.let(::redact)}", failure.limit)
    }
    return lossWith(end, failure?.let(::redacted))
}

/** [loss] as an engine throws it, in the pool's words: the engine knows neither what of its peer's is secret nor why it was aborted. */
internal fun PooledConnection.named(loss: ConnectionLostException): ConnectionLostException =
    lossWith(CloseInfo(loss.closeInfo.code, redact(loss.closeInfo.reason)), loss.cause?.let(::redacted))

private fun PooledConnection.lossWith(end: CloseInfo, cause: Throwable?): ConnectionLostException {
    val why = if (isMute) "it did not answer a ping within ${pool.config.pongTimeout} (pongTimeout)" else cause?.message
    val details = why?.let { ": $it" }.orEmpty()
    return ConnectionLostException("Connection $id to ${pool.name} was lost: $end$details", end, cause)
}

/** False where the reader cannot stop, or is not to: then what does not fit into the inbox ends the connection. */
internal val PooledConnection.mayStop: Boolean
    get() {
        val canStop = !isOpen || Capability.Backpressure in connection.capabilities
        return canStop && pool.config.fullReceiveBuffer == FullReceiveBuffer.StopReading
    }

/** More has come than the inbox holds. */
internal fun PooledConnection.overflowed() {
    if (!isOpen) return // the dial sees the next message
    val limit = pool.config.receiveBuffer
    giveUp(ReceiveBufferFullException("Connection $id to ${pool.name} was aborted: $limit messages were unread (receiveBuffer)"))
}

/** Ends it for what its holder, or his peer, cannot keep up with. Who waits is told now: an engine may never confirm an abort. */
internal fun PooledConnection.giveUp(why: PoolException) {
    endWaits(why)
    connection.abort()
}

/** Where the pool ends a lease, who waits for a message or a pong is told now: an engine may never tell of the end. */
internal fun PooledConnection.endWaits() {
    val why = when {
        isPoolClosed -> pool.closedException()
        isMute -> lossOf(CloseInfo(CloseInfo.ABNORMAL), null)
        else -> return
    }
    endWaits(why)
}

/** [lease] has ended: whoever waits in one of its operations is told [why]. */
internal fun PooledConnection.expel(lease: RealLease, why: Throwable) {
    lease.inbox.expel(lease, why)
    usersPongs?.expel(lease, why)
}

/** Nothing will come any more: whoever waits is told [why]. */
internal fun PooledConnection.endWaits(why: Throwable) {
    endReceiving(why)
    usersPongs?.end(why)
}

/** Tells the machine that it has ended, and what that means for the rest. */
internal fun PooledConnection.reportLoss() {
    val aftermath = aftermathOf(closeInfo!!)
    pool.mailbox.post {
        if (pool.isCancelled) pool.machine.close(pool.now()) // a parent's cancellation ends connections before the reaper comes to it
        val isExpected = state == SlotState.CLOSING || state == SlotState.ABORTING || state == SlotState.ENDED
        if (!isExpected) aftermath.stopsFor?.let { cause -> pool.eventLog.add(Level.WARN) { PoolEvent.Stopped(it, cause) } }
        pool.machine.lost(this, pool.now(), aftermath)
    }
}

/** Without the secrets of where it was to connect, and where it did. */
internal fun PooledConnection.redact(text: String): String = pool.endpoint.redact(text, endpoint)

internal fun PooledConnection.redacted(failure: Throwable): Throwable = pool.endpoint.redacted(failure, endpoint)
