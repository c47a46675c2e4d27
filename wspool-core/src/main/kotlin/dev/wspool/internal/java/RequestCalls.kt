package dev.wspool.internal.java

import dev.wspool.Lease
import dev.wspool.Message
import dev.wspool.WebSocketPool
import dev.wspool.internal.parsing
import dev.wspool.request
import dev.wspool.requestStream
import kotlinx.coroutines.flow.Flow

/** A request as Java's side hands it over: [timeout] is in nanoseconds, the greatest is for ever. */
internal class LeaseRequest(
    val message: Message,
    val timeout: Long,
    val isReply: (Message) -> Boolean,
    val isLast: (Message) -> Boolean,
    val retryStale: Boolean,
)

/** What Java's side does with each message. It may throw what it likes. */
internal fun interface Taking {
    @Throws(Exception::class)
    fun take(message: Message)
}

/** What Java's side reads a message as. It may throw what it likes. */
internal fun interface Decoding<out T> {
    @Throws(Exception::class)
    fun decode(message: Message): T
}

/** Requests, and messages that are read by a codec, as calls. */
internal object RequestCalls {
    @JvmStatic
    fun request(lease: Lease, text: String, timeout: Long): Call<String> = object : Operation<String>(lease) {
        override suspend fun invoke() = lease.request(text, span(timeout))
    }

    @JvmStatic
    fun request(lease: Lease, request: LeaseRequest): Call<Message> {
        request.requireNoRetry()
        return object : Operation<Message>(lease) {
            override suspend fun invoke() = lease.request(request.message, span(request.timeout), request.isReply)
        }
    }

    @JvmStatic
    fun request(pool: WebSocketPool, text: String, timeout: Long): Call<String> = object : Call<String>(pool.outside) {
        override suspend fun invoke() = pool.request(text, span(timeout))
    }

    @JvmStatic
    fun request(pool: WebSocketPool, request: LeaseRequest): Call<Message> = object : Call<Message>(pool.outside) {
        override suspend fun invoke() = pool.request(request.message, span(request.timeout), request.retryStale, request.isReply)
    }

    /** The [action] runs on the caller's thread. */
    @JvmStatic
    fun forEachReply(lease: Lease, request: LeaseRequest, action: Taking): Call<Unit> = object : Operation<Unit>(lease) {
        override suspend fun invoke() = lease.stream(request).collect(action::take)
    }

    /** As the other, of a pool. */
    @JvmStatic
    fun forEachReply(pool: WebSocketPool, request: LeaseRequest, action: Taking): Call<Unit> = object : Call<Unit>(pool.outside) {
        override suspend fun invoke() = pool.stream(request).collect(action::take)
    }

    @JvmStatic
    fun stream(lease: Lease, request: LeaseRequest, sink: Sink<Message>): Listening<Message> =
        Listening(lease.stream(request), lease.outside, sink, lease::report)

    @JvmStatic
    fun stream(pool: WebSocketPool, request: LeaseRequest, sink: Sink<Message>): Listening<Message> =
        Listening(pool.stream(request), pool.outside, sink, pool::report)

    private fun Lease.stream(request: LeaseRequest): Flow<Message> {
        request.requireNoRetry()
        return requestStream(request.message, span(request.timeout), request.isReply, request.isLast)
    }

    private fun WebSocketPool.stream(request: LeaseRequest): Flow<Message> =
        requestStream(request.message, span(request.timeout), request.retryStale, request.isReply, request.isLast)

    private fun LeaseRequest.requireNoRetry() = require(!retryStale) { "retryStale is for requests of a pool: a lease has one connection" }

    /** The next message, as [decoding] reads it; [typeName] is what it expects. */
    @JvmStatic
    fun <T> receive(lease: Lease, timeout: Long, typeName: String, decoding: Decoding<T>): Call<T> = object : Receive<T>(lease) {
        private var received: Message? = null

        override suspend fun invoke(): T {
            val message = if (timeout == Long.MAX_VALUE) lease.receive() else lease.receive(span(timeout))
            received = message
            return lease.parsing(message, typeName) { decoding.decode(message) }
        }

        override fun undelivered(result: T) = lease.putBack(received!!)
    }
}
