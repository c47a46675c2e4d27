package dev.wspool.ktor.engine.loop

import kotlinx.coroutines.suspendCancellableCoroutine
import java.io.IOException
import java.nio.channels.SocketChannel

/**
 * The half of a socket that writes, in place on whatever thread writes, under its lock.
 *
 * What is written while the loop is awake, or in a burst, is left to it, so that many small messages go out together; else the
 * writer writes at once, and no other thread is woken.
 *
 * @param owner is flushed by the loop, and told what has to be done on its thread.
 */
internal class SocketOutput(private val owner: NioSocket, shared: Shared) {
    private val outbox = Outbox(shared)
    private val channel: SocketChannel get() = owner.channel
    private val loop: EventLoop get() = owner.loop

    /** Whether the loop has it in its list; whether the kernel takes nothing now; whether nothing goes out any more. */
    private var isListed = false
    private var isBlocked = false
    private var isClosed = false
    private var isFinishing = false // when all is written, this half of the connection ends
    private var waiters: RoomWaiters? = null

    /** Whether something has been read since the last write. That one thread sees late what another has done does no harm. */
    private var isAnswered = true
    private var writtenAt = 0L

    /** Null while what is written is not encrypted. */
    private var encryption: Encryption? = null

    /** Has [put] put something into the outbox, and sees to it that it goes out. Returns what [put] does; false where the socket is closed. */
    inline fun write(put: (Outbox) -> Boolean): Boolean {
        val satisfied = synchronized(this) {
            if (isClosed || !put(outbox)) return false
            val isLeft = isBlocked || isLeftToLoop()
            isAnswered = false
            if (isLeft) return true
            writeOut()
        }
        RoomWaiters.tell(satisfied, isRoom = true)
        return true
    }

    private fun isLeftToLoop(): Boolean {
        if (outbox.size > MOST_LEFT) return false
        if (isListed) return true // under the lock: so it is not taken out yet, and what is put now goes with the rest
        if (!loop.isAwake && !isBurst()) return false
        isListed = true
        loop.flushLater(owner)
        return true
    }

    /** True where the last write was a moment ago and nothing has been read since: more is likely to follow, as in a pipeline. */
    private fun isBurst(): Boolean {
        val now = System.nanoTime()
        val isBurst = !isAnswered && now - writtenAt < BURST
        writtenAt = now
        return isBurst
    }

    /** True where something was written since the last read. */
    val isAnswerDue: Boolean get() = !isAnswered

    /** The loop has read something. */
    fun onRead() {
        isAnswered = true
    }

    /** The loop has taken it out of its list. */
    fun onFlush() {
        synchronized(this) { isListed = false }
        flush()
    }

    /** Writes what the kernel takes, if it takes anything. */
    fun flush() {
        val satisfied = synchronized(this) { if (isBlocked || isClosed) null else writeOut() }
        RoomWaiters.tell(satisfied, isRoom = true)
    }

    /** The kernel takes more. */
    fun unblock() {
        synchronized(this) { isBlocked = false }
        flush()
    }

    /** From now on what is written is encrypted. */
    fun encryptWith(encryption: Encryption): Unit = synchronized(this) { this.encryption = encryption }

    /** Returns who has been waiting for room that there is now. */
    private fun writeOut(): List<RoomWaiters.Waiter>? {
        try {
            if (!(encryption?.writeOut(outbox, channel) ?: writePlain())) {
                isBlocked = true
                owner.awaitWritable()
            } else if (isFinishing) {
                end()
            }
        } catch (failure: IOException) {
            isBlocked = true
            owner.onWriteFailure(failure)
        }
        return waiters?.takeSatisfied(unwritten)
    }

    /** Ends this half of the connection when all that was put is written: the peer has heard all that it will. */
    fun finish() {
        synchronized(this) { isFinishing = true }
        flush()
    }

    private fun end() {
        isFinishing = false
        encryption?.close(channel)
        channel.shutdownOutput()
    }

    private fun writePlain(): Boolean {
        while (!outbox.isEmpty) if (outbox.writeTo(channel) == 0) return false
        return true
    }

    /** Also what is encrypted, and has left the outbox, but is not the kernel's yet. */
    private val unwritten: Int get() = outbox.size + (encryption?.unwritten ?: 0)

    /** Waits until no more than [most] bytes are unwritten. False where the socket is closed. */
    suspend fun awaitAtMost(most: Int): Boolean {
        synchronized(this) {
            if (isClosed) return false
            if (unwritten <= most) return true
        }
        return suspendCancellableCoroutine { continuation ->
            val waiter = RoomWaiters.Waiter(most, continuation)
            val satisfied = synchronized(this) {
                val all = waiters ?: RoomWaiters().also { waiters = it }
                all.add(waiter)
                if (isClosed) all.takeAll() else all.takeSatisfied(unwritten)
            }
            RoomWaiters.tell(satisfied, isRoom = !isClosed)
            continuation.invokeOnCancellation { synchronized(this) { waiters?.remove(waiter) } }
        }
    }

    /** Nothing more goes out, but for what TLS says at the end where [isOrderly], if the kernel takes it. */
    fun close(isOrderly: Boolean) {
        val all = synchronized(this) {
            if (isClosed) return
            isClosed = true
            outbox.close()
            encryption?.close(if (isOrderly && !isBlocked) channel else null)
            waiters?.takeAll()
        }
        RoomWaiters.tell(all, isRoom = false)
    }

    private companion object {
        /** What is more than so many bytes is worth a system call of its own. */
        const val MOST_LEFT = 8 * 1024

        /** In nanoseconds: less than an answer takes to come. */
        const val BURST = 50_000L
    }
}
