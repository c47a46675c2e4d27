package dev.wspool.internal

import dev.wspool.CloseInfo
import dev.wspool.ConnectionId
import dev.wspool.ConnectionLostException
import dev.wspool.Handshake
import dev.wspool.Lease
import dev.wspool.LeaseReleasedException
import dev.wspool.Message
import dev.wspool.PoolException
import dev.wspool.ReceiveTimeoutException
import dev.wspool.SendTimeoutException
import dev.wspool.asBinary
import dev.wspool.asText
import dev.wspool.internal.machine.Ending
import dev.wspool.transport.Capability
import dev.wspool.transport.Connection
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.withTimeoutOrNull
import java.net.SocketAddress
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.cancellation.CancellationException
import kotlin.time.Duration

/**
 * One use of a connection. Made in the turn that lends: three fields, 24 bytes. It is also the message that gives the
 * connection back; that counts only while the machine holds it for this [use], so a lease ends once, without a lock.
 */
internal open class RealLease(internal val connection: PooledConnection, internal val use: Int) :
    Lease,
    Turn {
    /** One of the codes below. Two threads may set it at once: the first of their turns counts. */
    @Volatile
    private var end = OPEN

    val isEnded: Boolean get() = end > OPEN

    /** In a turn: the context of who holds it. */
    internal open val holder: CoroutineContext? get() = connection.holder.takeIf { connection.use == use }

    internal open val inbox: Inbox get() = connection.inbox
    internal open val debts: Debts get() = connection.debts

    final override val id: ConnectionId get() = connection.id
    final override val isReused: Boolean get() = use > 1
    final override val openTime: Duration get() = connection.openTime
    final override val closeInfo: CloseInfo? get() = connection.closeInfo
    final override val handshake: Handshake get() = connection.connection.handshake
    final override val attributes: MutableMap<String, Any> get() = connection.attributes
    final override val localAddress: SocketAddress? get() = connection.connection.localAddress
    final override val remoteAddress: SocketAddress? get() = connection.connection.remoteAddress

    // ---- use -----------------------------------------------------------------------------------------------------------

    final override suspend fun send(text: String) = send(Message.Text(text))

    final override suspend fun send(bytes: ByteArray) = send(Message.Binary(bytes))

    override suspend fun send(message: Message) {
        val timeout = connection.pool.config.sendTimeout
        connection.touched++
        if (timeout.isInfinite()) operate { it.send(message) } else operate { it.sendWithin(timeout, message) }
        connection.pool.gauges.traffic.sent(message)
    }

    private suspend fun Connection.sendWithin(timeout: Duration, message: Message) {
        withTimeoutOrNull(timeout) { send(message) } ?: run {
            val why = SendTimeoutException("Not sent on ${this@RealLease} within $timeout (sendTimeout): the peer does not read")
            connection.giveUp(why) // which part of the message has gone out, nobody knows
            throw why
        }
    }

    final override suspend fun receive(): Message {
        connection.touched++
        return inbox.receive(this) { connection.connection.resumeReading() }
    }

    final override suspend fun receive(timeout: Duration): Message {
        // Kept outside of the block: what was received when the time was up would be dropped with the block's result.
        var received: Message? = null
        if (timeout.isPositive()) {
            try {
                withTimeoutOrNull(timeout) { received = receive() }
            } catch (cancelled: CancellationException) {
                received?.let { inbox.putBack(this, it) } // the caller was cancelled while it was on its way to him
                throw cancelled
            }
        } else {
            received = inbox.receiveNow(this) { connection.connection.resumeReading() } // the block would not run
        }
        return received ?: throw ReceiveTimeoutException("Nothing received on $this within $timeout")
    }

    final override suspend fun receiveText(): String = receive().asText()

    final override suspend fun receiveText(timeout: Duration): String = receive(timeout).asText()

    final override suspend fun receiveBinary(): ByteArray = receive().asBinary()

    final override suspend fun receiveBinary(timeout: Duration): ByteArray = receive(timeout).asBinary()

    final override val messages: Flow<Message>
        get() = flow { while (true) emit(receiveUnlessOver() ?: break) }

    private suspend fun receiveUnlessOver(): Message? = try {
        receive()
    } catch (loss: ConnectionLostException) {
        if (!loss.closeInfo.isNormal) throw loss
        null
    }

    final override suspend fun ping(timeout: Duration): Duration {
        if (Capability.Ping !in connection.connection.capabilities) {
            throw UnsupportedOperationException("The engine of $this shows no pongs")
        }
        var roundTrip: Duration? = null
        operate { engine ->
            val answer = connection.pongs.ping(this, engine, timeout)
            roundTrip = answer ?: throw ReceiveTimeoutException("No pong on $this within $timeout")
        }
        return roundTrip!!
    }

    /** Incurs a debt. Where the lease has ended meanwhile it would be the next user's. */
    internal fun owe() {
        debts.incur()
        if (isEnded) debts.settle()
    }

    /** Runs an [operation], which owes until it has gone well: one that fails or is cancelled leaves its debt behind. */
    private suspend inline fun operate(operation: (Connection) -> Unit) {
        checkOpen()
        owe()
        checkOpen()
        try {
            operation(connection.connection)
        } catch (failure: Throwable) {
            currentCoroutineContext().ensureActive()
            throw named(failure)
        }
        debts.settle()
    }

    /** [failure] as the caller is to see it: an engine's own cancellation is not the caller's. */
    private fun named(failure: Throwable): Throwable = when {
        isEnded || connection.isPoolClosed -> runCatching { checkOpen() }.exceptionOrNull() ?: failure
        failure is ConnectionLostException -> connection.named(failure)
        failure is PoolException -> failure
        failure is IllegalArgumentException -> IllegalArgumentException(failure.message?.let(connection::redact))
        else -> {
            val info = closeInfo ?: CloseInfo(CloseInfo.ABNORMAL)
            ConnectionLostException("$this failed: $info", info, connection.redacted(failure))
        }
    }

    /** @throws PoolException saying why the lease cannot be used any more. */
    internal fun checkOpen() {
        if (isEnded) throw releasedException()
        if (connection.isPoolClosed) throw connection.pool.closedException()
    }

    protected fun releasedException() = LeaseReleasedException(
        when (end) {
            INVALIDATED -> "$this was invalidated; the lease cannot be used any more"
            DETACHED -> "$this was detached; use the lease that detach returned"
            RECLAIMED -> "$this was reclaimed, as its borrower had ended and left it untouched for leakThreshold"
            ABANDONED -> "A request on $this was given up, and its reply may still come; the lease cannot be used any more"
            else -> "$this was released; the lease cannot be used any more"
        },
    )

    // ---- the end -------------------------------------------------------------------------------------------------------

    /** The block of `withConnection` threw: a debt that is never settled. */
    internal fun failed(cause: Throwable) {
        if (!isEnded && !isReusableAfter(cause)) debts.incur()
    }

    private fun isReusableAfter(cause: Throwable): Boolean {
        val pool = connection.pool
        val predicate = pool.config.hooks.isReusableAfter
        return predicate != null && cause !is CancellationException && pool.background.ask(false) { predicate(cause) }
    }

    override fun release() = endAs(RELEASED)

    override fun invalidate(reason: String) {
        if (!isEnded && reason.isNotEmpty()) log.debug("{} is invalidated: {}", this, reason)
        endAs(INVALIDATED)
    }

    override fun detach(): Lease {
        checkOpen()
        val pool = connection.pool
        val isMine = pool.mailbox.ask {
            pool.machine.detach(connection, use, pool.now()).also { isMine ->
                if (isMine) {
                    pool.watch?.ended(this)
                    END.lazySet(this, DETACHED)
                    pool.end.detached() // before the effects of this turn: one of them may be the end of the pool
                }
            }
        }
        if (isMine) {
            connection.expel(this, releasedException())
        } else {
            checkOpen()
            throw ConnectionLostException("$this was lost before it could be detached", closeInfo ?: CloseInfo(CloseInfo.ABNORMAL))
        }
        return DetachedLease(connection, use)
    }

    /** In `onBorrow`, which is one more user: what it has left unread, or unanswered, must not be the borrower's. */
    internal open fun isFitToGoOn(): Boolean {
        if (isEnded || connection.hasEnded) return false
        if (!debts.isNone) connection.pool.mailbox.ask(connection::overlookUnread)
        return debts.isNone
    }

    /** `onBorrow` does not want it. */
    internal fun reject() = endAs(REJECTED)

    /** It is taken from whoever may have it: it has leaked. */
    internal fun reclaim() = endAs(RECLAIMED)

    /** Its borrower is gone: no use that `onReturn` would have to know of. */
    internal fun returnUnused() = endAs(UNUSED)

    /** `onReturn` does not want it: the return under way is none. */
    internal fun becomeInvalidated() = END.lazySet(this, INVALIDATED)

    internal val isInvalidated: Boolean get() = end == INVALIDATED

    private val isReleased: Boolean get() = end == RELEASED || end == ABANDONED // what is owed tells whether it is clean

    /** A request begins, the only one at a time. False where another is open, or the lease has ended. */
    internal fun beginAsking(): Boolean = END.compareAndSet(this, OPEN, ASKING)

    /** The request is over. False where the lease has ended meanwhile. */
    internal fun endAsking(): Boolean = END.compareAndSet(this, ASKING, OPEN)

    /** The request is given up: its reply may still come, and is for nobody, not for the present user either. */
    internal fun abandon() {
        inbox.giveUp(this) // owed instead of the request: UnreadMessages.Drain may find what is still to come
        if (!END.compareAndSet(this, ASKING, ABANDONED)) return
        debts.settle()
        ended()
    }

    private fun endAs(code: Int) {
        if (isEnded) return
        END.lazySet(this, code) // the turn's own atomic operations order both before it looks at the debts
        ended()
    }

    private fun ended() {
        connection.leaseEnds()
        giveBack()
        if (!debts.isNone) connection.expel(this, releasedException())
    }

    protected open fun giveBack() {
        val pool = connection.pool
        if (pool.checkIn.isIdle || !isReleased) pool.giveBack(this) else pool.checkIn.start(this)
    }

    /** In a turn: the machine takes the connection back. */
    override fun take() {
        val pool = connection.pool
        pool.watch?.ended(this)
        connection.forgetHolder(this)
        val mayBeClean = isReleased || end == UNUSED
        if (mayBeClean && !debts.isNone) connection.overlookUnread()
        val isClean = mayBeClean && debts.isNone
        if (isClean && pool.machine.takeBack(connection, use)) return
        val ending = when {
            isClean -> null
            end == INVALIDATED -> Ending.INVALIDATED
            end == REJECTED -> Ending.REJECTED
            end == RECLAIMED -> Ending.LEAKED
            else -> Ending.DIRTY
        }
        pool.machine.returned(connection, use, ending, pool.now())
    }

    final override fun toString(): String = "Connection $id to ${connection.pool.name}"

    internal companion object {
        private const val OPEN = 0
        private const val RELEASED = 1
        private const val INVALIDATED = 2
        private const val DETACHED = 3
        private const val REJECTED = 4
        private const val UNUSED = 5
        private const val ABANDONED = 6
        private const val RECLAIMED = 7
        private const val ASKING = -1 // open, too

        private val END: AtomicIntegerFieldUpdater<RealLease> = AtomicIntegerFieldUpdater.newUpdater(RealLease::class.java, "end")
    }
}
