package dev.wspool.ktor.internal

import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.Lease
import dev.wspool.Message
import dev.wspool.PoolException
import dev.wspool.tryReceive
import io.ktor.websocket.Frame
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ChannelIterator
import kotlinx.coroutines.channels.ChannelResult
import kotlinx.coroutines.channels.ClosedReceiveChannelException
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.channels.onClosed
import kotlinx.coroutines.channels.onSuccess
import kotlinx.coroutines.launch
import kotlinx.coroutines.selects.SelectClause1

/**
 * A lease's messages as Ktor's `incoming`. A receive takes the message from the lease itself, so that what nobody takes is unread there,
 * and no coroutine reads ahead. Only `select`, and questions that need to know what comes, take one message into [ahead].
 *
 * @property ahead what was taken and not received; also how the channel is closed.
 */
@OptIn(ExperimentalCoroutinesApi::class, DelicateCoroutinesApi::class) // isEmpty and isClosedForReceive, which the interface asks for
internal class SessionIncoming private constructor(
    private val lease: Lease,
    private val scope: CoroutineScope,
    private val onEnd: (CloseInfo) -> Unit,
    private val fence: () -> Throwable?,
    private val ahead: Channel<Frame>,
) : ReceiveChannel<Frame> by ahead {
    constructor(lease: Lease, scope: CoroutineScope, onEnd: (CloseInfo) -> Unit, fence: () -> Throwable?) :
        this(lease, scope, onEnd, fence, Channel(Channel.UNLIMITED))

    /**
     * The coroutine that takes a message for a select, until it has put it into [ahead]: both at once, under [lock], or who comes between
     * would overtake that message, or wait for a coroutine that takes no second one.
     */
    private var looking: Job? = null
    private val lock = Any()

    /** True where a frame was taken from the lease that nobody has received. */
    val hasUnread: Boolean get() = !ahead.isEmpty

    override suspend fun receive(): Frame = awaitNext().let { frame ->
        frame.onClosed { throw it ?: ClosedReceiveChannelException("The connection has ended") }
        frame.getOrThrow()
    }

    override suspend fun receiveCatching(): ChannelResult<Frame> = awaitNext()

    override fun tryReceive(): ChannelResult<Frame> {
        fenced()?.let { return it.tryReceive() }
        lookNow()
        return ahead.tryReceive()
    }

    override val isEmpty: Boolean
        get() {
            lookNow()
            return ahead.isEmpty
        }

    override val isClosedForReceive: Boolean
        get() {
            if (fence() != null) return true
            lookNow()
            return ahead.isClosedForReceive
        }

    override val onReceive: SelectClause1<Frame>
        get() = (fenced() ?: ahead.also { look() }).onReceive

    override val onReceiveCatching: SelectClause1<ChannelResult<Frame>>
        get() = (fenced() ?: ahead.also { look() }).onReceiveCatching

    override fun iterator(): ChannelIterator<Frame> = object : ChannelIterator<Frame> {
        private var next: Frame? = null

        override suspend fun hasNext(): Boolean {
            if (next != null) return true
            awaitNext().onSuccess { next = it }.onClosed { failure -> failure?.let { throw it } }
            return next != null
        }

        override fun next(): Frame = checkNotNull(next) { "`hasNext` has not been called, or has returned false" }.also { next = null }
    }

    private suspend fun awaitNext(): ChannelResult<Frame> {
        fenced()?.let { return it.tryReceive() }
        while (true) {
            val ready = ahead.tryReceive()
            if (ready.isSuccess || ready.isClosed) return ready
            val (isThere, looking) = synchronized(lock) { !ahead.isEmpty to activeLook }
            if (isThere) continue
            if (looking != null) looking.join() else take()?.let { ahead.trySend(it) }
        }
    }

    /** The next message; null where there will be none, and then [ahead] is closed. */
    private suspend fun take(): Frame? = closing { lease.receive().toFrame() }

    private inline fun <T> closing(take: () -> T): T? = try {
        take()
    } catch (loss: ConnectionLostException) {
        ahead.close() // as Ktor's sessions do, however it ended: closeReason tells
        onEnd(loss.closeInfo)
        null
    } catch (failure: PoolException) {
        ahead.close(failure)
        null
    }

    /** For a select: one coroutine takes one message, which is there for whoever receives next. */
    private fun look() = synchronized(lock) { if (isNothingKnown) makeLook().also { looking = it } else null }?.start()

    private fun makeLook(): Job = scope.launch(start = CoroutineStart.LAZY) {
        val frame = take()
        synchronized(lock) {
            looking = null
            frame?.let { ahead.trySend(it) }
        }
    }

    private fun lookNow() {
        if (!synchronized(lock) { isNothingKnown }) return
        try {
            closing { lease.tryReceive() }?.let { ahead.trySend(it.toFrame()) }
        } catch (_: IllegalStateException) {
            // another receive waits: so nothing is there
        }
    }

    private val activeLook: Job? get() = looking?.takeIf { !it.isCompleted }

    /** Nothing was taken ahead, and nobody is about to. */
    private val isNothingKnown: Boolean get() = activeLook == null && ahead.isEmpty && !ahead.isClosedForReceive

    private fun fenced(): Channel<Frame>? = fence()?.let { failure -> Channel<Frame>().apply { close(failure) } }
}

private fun Message.toFrame(): Frame = when (this) {
    is Message.Text -> Frame.Text(text)
    is Message.Binary -> Frame.Binary(true, bytes)
}
