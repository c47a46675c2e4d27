package dev.wspool.internal

import dev.wspool.Message
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlin.coroutines.resumeWithException

/**
 * What has been received on a connection and not been read: a bounded queue, or a receiver who waits for the next message.
 *
 * The engine's reader hands a message straight to the receiver, who is resumed on his own dispatcher. A receiver who turns
 * out to be cancelled puts it back in front, so a cancelled receive loses nothing.
 */
internal class Inbox(private val debts: Debts, private val outside: CoroutineDispatcher, private val capacity: Int) {
    private var queue: ArrayDeque<Message>? = null
    private var receiver: Receiver? = null
    private var isReceiving = false // until the receiver has really got his message
    private var unanswered = 0 // receives that were cancelled since the last that succeeded; each still owes

    /** True where the reader was told to stop. */
    @Volatile
    var isStopped = false
        private set
    private var isDiscarding = false

    /** True where more has come than it holds, and the reader could not be stopped. */
    @Volatile
    var isOverflowing = false
        private set
    private var kept = 0 // the first so many of the queue owe nothing
    private var end: Throwable? = null

    /** True while somebody waits for a message, or has just been given one. */
    val isWaitedFor: Boolean get() = synchronized(this) { isReceiving }

    /** Why nothing will come any more; null until then. */
    val whyEnded: Throwable? get() = synchronized(this) { end }

    private class Receiver(val lease: RealLease, val continuation: CancellableContinuation<Message>)

    /**
     * A message has come. False tells the reader to stop until [receive] says that there is room again; where it may not be
     * told that, what is too much is dropped.
     */
    fun offer(message: Message, mayStop: Boolean): Boolean {
        val taker = synchronized(this) {
            receiver?.also { receiver = null } ?: run {
                if (isDiscarding) return true
                debts.incur()
                if (!mayStop && queue().size >= capacity) {
                    isOverflowing = true
                    return true
                }
                queue().addLast(message)
                isStopped = mayStop && (isStopped || queue().size >= capacity)
                return !isStopped
            }
        }
        hand(message, taker)
        return true
    }

    private fun hand(message: Message, taker: Receiver) {
        val continuation = taker.continuation
        continuation.resumeOn(outside) { continuation.resume(message) { _, undelivered, _ -> putBack(undelivered) } }
    }

    /**
     * The next message for [lease].
     *
     * @param onRoom called where the reader had been stopped and may go on.
     */
    suspend inline fun receive(lease: RealLease, onRoom: () -> Unit): Message {
        val next = poll(lease) ?: await(lease).also { received() }
        if (mayGoOn()) onRoom()
        return next
    }

    /** A message that is there already, or null; then the receive counts as one that was cancelled. */
    inline fun receiveNow(lease: RealLease, onRoom: () -> Unit): Message? {
        val next = poll(lease) ?: return missed()
        if (mayGoOn()) onRoom()
        return next
    }

    /** A message that is there already, or null; nobody was waiting. */
    inline fun tryReceive(lease: RealLease, onRoom: () -> Unit): Message? {
        val next = poll(lease) ?: return null
        if (mayGoOn()) onRoom()
        return next
    }

    private fun missed(): Message? = synchronized(this) {
        debts.incur()
        unanswered++
        null
    }

    /** A queued message; null where the receiver has to wait. */
    private fun poll(lease: RealLease): Message? = synchronized(this) {
        lease.checkOpen()
        check(!isReceiving) { "Another receive of this lease is waiting: one receiver at a time" }
        val next = queue?.removeFirstOrNull()
        if (next == null) end?.let { throw it } else taken()
        next
    }

    /** The first of the queue has been received. */
    private fun taken() {
        if (kept == 0) return settle()
        kept--
        debts.incur()
        settle()
    }

    private suspend fun await(lease: RealLease): Message = suspendCancellableCoroutine { continuation ->
        val waiting = Receiver(lease, continuation)
        val refusal = synchronized(this) { runCatching { wait(waiting) }.exceptionOrNull() }
        if (refusal != null) {
            continuation.resumeWithException(refusal)
        } else {
            continuation.invokeOnCancellation { giveUp(waiting) }
        }
    }

    /** Lets [waiting] wait, or hands him what came since he looked. */
    private fun wait(waiting: Receiver) {
        check(!isReceiving) { "Another receive of this lease is waiting: one receiver at a time" }
        debts.incur()
        if (waiting.lease.isEnded) debts.settle() // released meanwhile, by one who saw no debt and so expels nobody
        waiting.lease.checkOpen()
        val next = queue?.removeFirstOrNull()
        if (next == null) {
            end?.let { throw it }
        } else if (kept > 0) {
            kept--
        } else {
            debts.settle()
        }
        isReceiving = true
        if (next == null) receiver = waiting else waiting.continuation.resume(next) { _, undelivered, _ -> putBack(undelivered) }
    }

    private fun received(): Unit = synchronized(this) {
        isReceiving = false
        settle()
    }

    /** A receive has succeeded: it owes nothing, nor do those that were cancelled before it. */
    private fun settle() {
        debts.settle(1 + unanswered)
        unanswered = 0
    }

    private fun giveUp(waiting: Receiver): Unit = synchronized(this) {
        if (receiver !== waiting) return
        receiver = null
        isReceiving = false
        unanswered++
    }

    /** [lease] gives up a receive before it has begun. */
    fun giveUp(lease: RealLease): Unit = synchronized(this) {
        missed()
        if (lease.isEnded) { // by one who may have seen no debt
            unanswered--
            debts.settle()
        }
    }

    private fun putBack(message: Message): Unit = synchronized(this) {
        isReceiving = false
        unanswered++
        debts.incur()
        queue().addFirst(message)
    }

    /**
     * As [putBack], for a [message] that had already been received: another receiver may wait by now, and gets it. Where [lease] has
     * ended meanwhile it is nobody's.
     */
    fun putBack(lease: RealLease, message: Message) {
        val taker = synchronized(this) {
            unanswered++
            debts.incur(2)
            if (lease.isEnded) { // by one who may have seen no debt: it must not be the next user's
                unanswered--
                debts.settle(2)
                return
            }
            val waiting = receiver
            if (waiting == null) {
                queue().addFirst(message)
                return
            }
            receiver = null
            debts.settle() // it is not unread
            waiting
        }
        hand(message, taker)
    }

    private fun mayGoOn(): Boolean = synchronized(this) {
        val goesOn = isStopped && queue().size <= capacity / 2
        if (goesOn) isStopped = false
        goesOn
    }

    /** [lease] has ended: its receiver, if one waits, is told. */
    fun expel(lease: RealLease, why: Throwable) = fail(why) { it.lease === lease }

    /** What is unread is the next user's, and owes nothing. */
    fun keep(): Unit = synchronized(this) {
        val size = queue?.size ?: 0
        debts.settle(size - kept)
        kept = size
    }

    /** Takes out what is unread. A reader that had been stopped may go on, and is to be told by the caller. */
    fun drop(): List<Message> = synchronized(this) {
        val dropped = queue.orEmpty().toList()
        keep()
        queue = null
        kept = 0
        isStopped = false
        dropped
    }

    /** True where nothing is owed but messages that are unread, and those that receives were given up for. */
    fun canRedeem(): Boolean = synchronized(this) { debts.are((queue?.size ?: 0) - kept + unanswered) }

    /** True where nothing is owed but messages that are unread. */
    fun isOnlyUnread(): Boolean = synchronized(this) { debts.are((queue?.size ?: 0) - kept) }

    /** Receives that were given up are forgiven: what they waited for has been read by others. */
    fun forgive(): Unit = synchronized(this) {
        debts.settle(unanswered)
        unanswered = 0
    }

    /** Nobody will read any more: what comes is dropped, so that the reader gets to the peer's Close behind it. */
    fun discard(): Unit = synchronized(this) {
        isDiscarding = true
        queue = null
    }

    /** The connection has ended: whoever has read all that came before is told [why]. */
    fun end(why: Throwable) {
        synchronized(this) { end = end ?: why }
        fail(why) { true }
    }

    private inline fun fail(why: Throwable, condition: (Receiver) -> Boolean) {
        val waiting = synchronized(this) {
            receiver?.takeIf(condition)?.also {
                receiver = null
                isReceiving = false
            }
        }
        waiting?.continuation?.let { it.resumeOn(outside) { it.resumeWithException(why) } }
    }

    private fun queue(): ArrayDeque<Message> = queue ?: ArrayDeque<Message>().also { queue = it }
}
