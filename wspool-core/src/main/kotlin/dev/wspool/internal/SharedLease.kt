package dev.wspool.internal

import dev.wspool.Lease
import dev.wspool.Message
import dev.wspool.MessageTooBigException
import dev.wspool.ReceiveBufferFullException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.cancellation.CancellationException

/**
 * One of several leases of a connection. It has an inbox of its own, in which only replies to its own requests arrive, and owes the
 * others nothing: what it leaves open is forgotten with it.
 */
internal class SharedLease(private val shared: SharedConnection, use: Int, override val holder: CoroutineContext) : RealLease(shared, use) {
    override val debts: Debts get() = NoDebts
    override val inbox = Inbox(NoDebts, shared.pool.outside, shared.pool.config.receiveBuffer)

    /** The ids of its requests whose last reply has not come; the switchboard's. */
    val requests = ArrayList<Any>(1)

    /** Why it cannot be used any more, though it is not released. */
    @Volatile
    private var failure: Throwable? = null

    override suspend fun send(message: Message) {
        checkOpen()
        failure?.let { throw it }
        val id = shared.correlator.requestId(message)
        val isNew = id != null && shared.switchboard.expect(id, this)
        try {
            if (shared.mayBeCutShort(message)) sendWhole(message) else super.send(message)
        } catch (refused: MessageTooBigException) {
            if (isNew) shared.switchboard.withdraw(id!!) // nothing of it was sent
            throw refused
        }
    }

    /** Cancelled in the middle of a message an engine has to give up the connection, which is others' too: so it goes on without him. */
    private suspend fun sendWhole(message: Message) {
        val sending = shared.scope.async(start = CoroutineStart.UNDISPATCHED) { runCatching { super.send(message) } }
        val failure = try {
            sending.await().exceptionOrNull()
        } catch (cancelled: CancellationException) {
            cancelled
        }
        if (failure is CancellationException) { // his own; else the pool's, which has ended, and is not his to see
            currentCoroutineContext().ensureActive()
            throw shared.pool.closedException()
        }
        if (failure != null) throw failure
    }

    /** The number of the last dial before its connection was lost, as far as that is known. */
    val lastDial: Long get() = shared.lastDial

    /** A reply to one of its requests has come. It never holds up those of the others. */
    fun arrived(message: Message) {
        inbox.offer(message, mayStop = false)
        if (!inbox.isOverflowing || failure != null) return
        val limit = shared.pool.config.receiveBuffer
        fail(ReceiveBufferFullException("A lease of $this was ended: $limit messages were unread (receiveBuffer)"))
        shared.abandonRequestsOf(this, hasEnded = false)
    }

    /** Nothing more will come for it; who has read what is there is told [why]. */
    fun fail(why: Throwable) {
        failure = failure ?: why
        inbox.end(why)
    }

    /** What a hook has left open is not its borrower's. */
    override fun isFitToGoOn(): Boolean {
        shared.abandonRequestsOf(this, hasEnded = false)
        inbox.drop()
        return !isEnded && failure == null && !shared.hasEnded
    }

    override fun giveBack() {
        shared.abandonRequestsOf(this, hasEnded = true)
        shared.expel(this, releasedException())
        super.giveBack()
    }

    override fun detach(): Lease {
        checkOpen()
        throw UnsupportedOperationException("$this is shared (leasesPerConnection): detach would take it from the others")
    }
}
