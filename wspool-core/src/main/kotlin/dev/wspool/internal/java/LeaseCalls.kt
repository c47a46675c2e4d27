package dev.wspool.internal.java

import dev.wspool.Lease
import dev.wspool.Message
import dev.wspool.failed
import dev.wspool.internal.PoolThreads
import dev.wspool.internal.RealLease
import dev.wspool.internal.log
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher

/** What suspends in a lease, as calls. Spans are in nanoseconds. */
internal object LeaseCalls {
    @JvmStatic
    fun send(lease: Lease, message: Message): Call<Unit> = object : Operation<Unit>(lease) {
        override suspend fun invoke() = lease.send(message)
    }

    @JvmStatic
    fun receive(lease: Lease): Call<Message> = object : Receive<Message>(lease) {
        override suspend fun invoke() = lease.receive()

        override fun undelivered(result: Message) = lease.putBack(result)
    }

    @JvmStatic
    fun receive(lease: Lease, timeout: Long): Call<Message> = object : Receive<Message>(lease) {
        override suspend fun invoke() = lease.receive(span(timeout))

        override fun undelivered(result: Message) = lease.putBack(result)
    }

    @JvmStatic
    fun receiveText(lease: Lease): Call<String> = object : Receive<String>(lease) {
        override suspend fun invoke() = lease.receiveText()

        override fun undelivered(result: String) = lease.putBack(Message.Text(result))
    }

    @JvmStatic
    fun receiveText(lease: Lease, timeout: Long): Call<String> = object : Receive<String>(lease) {
        override suspend fun invoke() = lease.receiveText(span(timeout))

        override fun undelivered(result: String) = lease.putBack(Message.Text(result))
    }

    @JvmStatic
    fun receiveBinary(lease: Lease): Call<ByteArray> = object : Receive<ByteArray>(lease) {
        override suspend fun invoke() = lease.receiveBinary()

        override fun undelivered(result: ByteArray) = lease.putBack(Message.Binary(result))
    }

    @JvmStatic
    fun receiveBinary(lease: Lease, timeout: Long): Call<ByteArray> = object : Receive<ByteArray>(lease) {
        override suspend fun invoke() = lease.receiveBinary(span(timeout))

        override fun undelivered(result: ByteArray) = lease.putBack(Message.Binary(result))
    }

    /** The round trip in nanoseconds. */
    @JvmStatic
    fun ping(lease: Lease, timeout: Long): Call<Long> = object : Operation<Long>(lease) {
        override suspend fun invoke(): Long = lease.ping(span(timeout)).inWholeNanoseconds
    }

    @JvmStatic fun openTime(lease: Lease): Long = lease.openTime.inWholeNanoseconds

    @JvmStatic
    fun messages(lease: Lease, sink: Sink<Message>): Listening<Message> = Listening(lease.messages, lease.outside, sink, lease::report)

    /** The user of a lease has thrown [cause]. An interrupt is to Java what a cancellation is to Kotlin: never a clean end. */
    @JvmStatic
    fun failed(lease: Lease, cause: Throwable) =
        lease.failed(if (cause is InterruptedException) CancellationException("Interrupted").apply { initCause(cause) } else cause)
}

/**
 * An operation of a lease. One that is given up before it begins owes what it would owe later: its caller may be between a
 * request and its reply.
 */
internal abstract class Operation<T>(private val lease: Lease) : Call<T>(lease.outside) {
    final override fun notBegun() = if (lease is RealLease) giveUp(lease) else lease.invalidate("an operation was given up")

    open fun giveUp(lease: RealLease) = lease.owe()
}

/** It owes until another succeeds. */
internal abstract class Receive<T>(lease: Lease) : Operation<T>(lease) {
    final override fun giveUp(lease: RealLease) = lease.inbox.giveUp(lease)
}

internal val Lease.outside: CoroutineDispatcher get() = (this as? RealLease)?.connection?.pool?.outside ?: PoolThreads.foreign

/** A message that was received for a future which was cancelled meanwhile is there for the next receive. */
internal fun Lease.putBack(message: Message) {
    if (this is RealLease) inbox.putBack(this, message) else invalidate("a message was received for nobody")
}

/** A subscriber has thrown. */
internal fun Lease.report(failure: Throwable) = log.warn("{}: a subscriber failed: {}", this, failure.toString())
