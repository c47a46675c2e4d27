package dev.wspool.internal

import dev.wspool.Lease
import dev.wspool.Message
import dev.wspool.RequestTimeoutException
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.coroutines.cancellation.CancellationException
import kotlin.time.Duration

/**
 * A request on a [lease] and what answers it. From the send to the end of the answer the lease owes; given up in between, by
 * whatever, it ends, and its connection is closed: what still comes reaches nobody.
 *
 * @property decode what the asker reads each message as. One that it refuses gives the request up.
 * @property isReply tells the answer from what else comes, which is dropped.
 */
internal class Exchange<T>(
    private val lease: Lease,
    private val decode: (Message) -> T,
    private val isReply: (T) -> Boolean,
) {
    private var replies = 0
    private var others = 0 // since the last reply

    /** True where a message has come since it was asked, be it an answer or not. */
    val isHeard: Boolean get() = replies + others > 0

    /** True while an answer may come. */
    private var isOpen = false

    /** Asks, and waits for the first message of the answer. */
    suspend fun ask(question: Message, timeout: Duration): T = within(timeout) {
        begin()
        try {
            lease.send(question)
        } catch (failure: Throwable) {
            if (failure !is CancellationException) end() // nothing was asked, and the send has left a debt of its own
            throw failure
        }
        receive()
    }

    /** The next message of the answer. */
    suspend fun next(timeout: Duration): T = within(timeout) { receive() }

    private suspend fun receive(): T {
        while (true) {
            val message = lease.receive()
            others++
            val value = decode(message)
            if (!isReply(value)) continue
            replies++
            others = 0
            return value
        }
    }

    /**
     * Hands over the answer that begins with [first], to [collector].
     *
     * @param onLast called when its last message is there, before that is handed over: the connection is needed no more.
     */
    suspend fun answer(first: T, timeout: Duration, isLast: (T) -> Boolean, collector: FlowCollector<T>, onLast: () -> Unit) {
        var next = first
        while (!orGiveUp { isLast(next) }) {
            orGiveUp { collector.emit(next) }
            next = next(timeout)
        }
        end()
        onLast()
        collector.emit(next)
    }

    private fun begin() {
        if (lease is RealLease) lease.begin()
        isOpen = true
    }

    private fun RealLease.begin() {
        checkOpen()
        if (!beginAsking()) {
            checkOpen()
            error("Another request of this lease is open: one at a time")
        }
        if (inbox.isWaitedFor) {
            endAsking()
            error("A receive of this lease is waiting: the request would take its message")
        }
        owe()
        checkOpen()
        dropUnread()
    }

    /** What came before the question is not the answer; nor what the engine had held back, as far as it hands that over at once. */
    private fun RealLease.dropUnread() {
        do {
            val wasStopped = inbox.isStopped
            inbox.drop()
            if (wasStopped) connection.connection.resumeReading()
        } while (wasStopped)
    }

    /** The answer is complete, or nothing was asked. Where the lease has ended meanwhile it goes on owing, lest it were clean. */
    fun end() {
        isOpen = false
        if (lease is RealLease && lease.endAsking()) lease.debts.settle()
    }

    private fun giveUp() {
        if (!isOpen) return
        isOpen = false
        when {
            lease !is RealLease -> lease.invalidate("a request was given up")
            lease.connection.hasEnded -> lease.endAsking() // nothing will come, and whoever uses it is to be told of that
            else -> lease.abandon()
        }
    }

    private inline fun <R> orGiveUp(block: () -> R): R = try {
        block()
    } catch (failure: Throwable) {
        giveUp()
        throw failure
    }

    private suspend inline fun within(timeout: Duration, crossinline block: suspend () -> T): T = orGiveUp {
        if (timeout.isInfinite()) return block()
        // Kept outside of the block: what it has when the time is up would be dropped with its result.
        var result: Result<T>? = null
        withTimeoutOrNull(timeout) { result = Result.success(block()) }
        (result ?: throw RequestTimeoutException(late(timeout))).getOrThrow()
    }

    private fun late(timeout: Duration): String {
        if (!isOpen) return "Nothing was asked on $lease: there was no time left"
        val what = if (replies == 0) "No reply" else "No further reply (after $replies)"
        val instead = if (others == 0) "" else "; $others other messages came"
        return "$what on $lease within $timeout$instead"
    }
}
