package dev.wspool.ktor.internal

import io.ktor.websocket.Frame
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ChannelResult
import kotlinx.coroutines.channels.ClosedSendChannelException
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.launch
import kotlinx.coroutines.selects.SelectClause2
import java.util.concurrent.ConcurrentHashMap

/**
 * Ktor's `outgoing`: a queue of [CAPACITY] frames, and from its first use a coroutine that sends them. Who uses `send` of the session alone
 * has neither.
 */
@OptIn(DelicateCoroutinesApi::class) // isClosedForSend, which the interface asks for
internal class SessionOutgoing private constructor(
    private val scope: CoroutineScope,
    private val sender: FrameSender,
    private val fence: () -> Throwable?,
    private val queue: Channel<Frame>,
) : SendChannel<Frame> by queue {
    constructor(scope: CoroutineScope, sender: FrameSender, fence: () -> Throwable?) :
        this(scope, sender, fence, Channel(CAPACITY))

    private val flushes = ConcurrentHashMap<Frame, CompletableDeferred<Unit>>() // by identity, as frames have no equals

    @Volatile
    private var pump: Job? = null

    @Volatile
    private var isFinishing = false

    @Volatile
    private var failure: Throwable? = null

    override suspend fun send(element: Frame) {
        fence()?.let { throw it }
        begin()
        queue.send(element)
    }

    override fun trySend(element: Frame): ChannelResult<Unit> {
        fence()?.let { failure -> return Channel<Frame>().apply { close(failure) }.trySend(element) }
        begin()
        return queue.trySend(element)
    }

    override val onSend: SelectClause2<Frame, SendChannel<Frame>>
        get() {
            fence()?.let { failure -> return Channel<Frame>().apply { close(failure) }.onSend }
            begin()
            return queue.onSend
        }

    override fun close(cause: Throwable?): Boolean {
        if (fence() == null) begin() // to send what is queued, and then the Close frame
        return queue.close(cause)
    }

    override val isClosedForSend: Boolean get() = fence() != null || queue.isClosedForSend

    /** Sends [frame] after all that is queued. Where nothing was ever queued, this is the send itself, and its failure is the caller's. */
    suspend fun sendInOrder(frame: Frame) {
        fence()?.let { throw it }
        if (pump == null) sender.send(frame) else queue.send(frame)
    }

    /** Waits until all that was queued before has been sent. */
    suspend fun flush() {
        if (pump == null) return
        val mark = Frame.Pong(ByteArray(0)) // any frame: it is known by its identity
        val reached = CompletableDeferred<Unit>()
        flushes[mark] = reached
        try {
            queue.send(mark)
        } catch (_: ClosedSendChannelException) { // by the user: what is queued is still sent
            return awaitPump()
        }
        reached.await()
    }

    /** The block is over: sends what is queued. */
    suspend fun finish() {
        isFinishing = true
        queue.close()
        awaitPump()
    }

    private suspend fun awaitPump() {
        pump?.join()
        failure?.let { throw it }
    }

    private fun begin() {
        if (pump != null) return
        synchronized(this) { if (pump == null) pump = scope.launch { run() } }
    }

    private suspend fun run() {
        try {
            for (frame in queue) {
                val flush = flushes.remove(frame)
                if (flush == null) sender.send(frame) else flush.complete(Unit)
            }
            if (!isFinishing) sender.close() // as Ktor's session does where the user closes the channel
        } catch (cancelled: CancellationException) {
            queue.cancel()
            throw cancelled
        } catch (why: Throwable) {
            failure = why // told to whoever sends next, or to the end of the block
            queue.close(why)
            while (queue.tryReceive().isSuccess) continue // who waits for room is told too
        } finally {
            val why = failure ?: CancellationException("The session has ended")
            flushes.values.forEach { it.completeExceptionally(why) }
        }
    }

    private companion object {
        const val CAPACITY = 64
    }
}
