package dev.wspool

import dev.wspool.internal.Exchange
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlin.time.Duration

/**
 * Sends [message] and waits for its reply: the first message that comes after it and for which [isReply] is true.
 *
 * The lease's messages are the request's until then. What came before the send cannot be the reply and is dropped unseen; what
 * comes after is shown to [isReply] in its order, and dropped where it is declined. Who wants it takes it there, or asks on a lease
 * that nothing else comes to. One request at a time, and no receive beside it.
 *
 * A request that is given up ends the lease: by its timeout, a cancellation, or an exception of [isReply]. Its connection is closed
 * (or drained, see [UnreadMessages.Drain]), so that a late reply reaches nobody, the next request on this lease neither.
 *
 * @param timeout for the send and the wait together, and for as long as it takes by default.
 * @throws RequestTimeoutException where no reply came in time.
 * @throws ConnectionLostException where the connection has ended.
 * @throws LeaseReleasedException after [Lease.release], also while it waits, and after a request that was given up.
 * @throws IllegalStateException where another request or receive of this lease is waiting; nothing is sent.
 * @throws IllegalArgumentException where [timeout] is not positive.
 */
public suspend fun Lease.request(
    message: Message,
    timeout: Duration = Duration.INFINITE,
    isReply: (Message) -> Boolean = { true },
): Message = request(message, timeout, { it }, isReply)

/**
 * As the other, of texts: the reply has to be one.
 *
 * @throws UnexpectedMessageException where a binary message comes; the request is given up.
 */
public suspend fun Lease.request(
    text: String,
    timeout: Duration = Duration.INFINITE,
    isReply: (String) -> Boolean = { true },
): String = request(Message.Text(text), timeout, Message::asText, isReply)

/**
 * Sends [message], and is the messages that answer it: those for which [isReply] is true, up to and with the first of them for which
 * [isLast] is; then it completes. What else comes is dropped, as by [request].
 *
 * Cold: each collection asks anew. It may be left at any time, by a cancellation, by `first()` or `take(n)`, or by an exception of
 * the collector: before the last message that gives the request up, which ends the lease and closes the connection, as of [request].
 * The connection is clean as soon as the last message has come.
 *
 * @param timeout for each message: how long the first may take from the send on, and the next from the moment that the collector has
 * done with the one before.
 */
public fun Lease.requestStream(
    message: Message,
    timeout: Duration = Duration.INFINITE,
    isReply: (Message) -> Boolean = { true },
    isLast: (Message) -> Boolean,
): Flow<Message> = requestStream(message, timeout, { it }, isReply, isLast)

/** As the other, of texts; a binary message as in [request] of a text. */
public fun Lease.requestStream(
    text: String,
    timeout: Duration = Duration.INFINITE,
    isReply: (String) -> Boolean = { true },
    isLast: (String) -> Boolean,
): Flow<String> = requestStream(Message.Text(text), timeout, Message::asText, isReply, isLast)

internal suspend fun <T> Lease.request(message: Message, timeout: Duration, decode: (Message) -> T, isReply: (T) -> Boolean): T {
    requirePositive(timeout)
    val exchange = Exchange(this, decode, isReply)
    return exchange.ask(message, timeout).also { exchange.end() }
}

internal fun <T> Lease.requestStream(
    message: Message,
    timeout: Duration,
    decode: (Message) -> T,
    isReply: (T) -> Boolean,
    isLast: (T) -> Boolean,
): Flow<T> {
    requirePositive(timeout)
    return flow {
        val exchange = Exchange(this@requestStream, decode, isReply)
        exchange.answer(exchange.ask(message, timeout), timeout, isLast, this) {}
    }
}

internal fun requirePositive(timeout: Duration) = require(timeout.isPositive()) { "timeout must be positive, not $timeout" }
