package dev.wspool

import dev.wspool.internal.PoolRequest
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlin.time.Duration

/**
 * Borrows a connection, sends [message], waits for its reply, and gives the connection back; as [Lease.request] and
 * [WebSocketPool.borrow], with what they throw. A request that is given up closes its connection.
 *
 * @param timeout for all of it, the wait for a connection too, which `borrowTimeout` bounds beside it.
 * @param retryStale asks once more, on a connection that has never been lent, where one that *had* been lent before is lost with no
 * message in return: most often it had died unseen. It says that the request may reach the server twice, which is the request's to know
 * and not the pool's, and so no setting. Never after a message has come, never on a new connection, never twice. Where that fails too,
 * the first loss is a suppressed exception of what is thrown, but of a [ConnectFailedException], which is the same for all whom it concerns.
 * @throws IllegalArgumentException where [timeout] is not positive.
 */
public suspend fun WebSocketPool.request(
    message: Message,
    timeout: Duration = Duration.INFINITE,
    retryStale: Boolean = false,
    isReply: (Message) -> Boolean = { true },
): Message = request(message, timeout, retryStale, { it }, isReply)

/**
 * As the other, of texts: the reply has to be one.
 *
 * @throws UnexpectedMessageException where a binary message comes; the request is given up.
 */
public suspend fun WebSocketPool.request(
    text: String,
    timeout: Duration = Duration.INFINITE,
    retryStale: Boolean = false,
    isReply: (String) -> Boolean = { true },
): String = request(Message.Text(text), timeout, retryStale, Message::asText, isReply)

/**
 * Borrows a connection, sends [message], is the messages that answer it, and gives the connection back as soon as the last has
 * come; as [Lease.requestStream] and [request]. Left early it closes the connection: nobody gets the rest.
 *
 * @param timeout for each message; the first has it for all, the wait for a connection too.
 */
public fun WebSocketPool.requestStream(
    message: Message,
    timeout: Duration = Duration.INFINITE,
    retryStale: Boolean = false,
    isReply: (Message) -> Boolean = { true },
    isLast: (Message) -> Boolean,
): Flow<Message> = requestStream(message, timeout, retryStale, { it }, isReply, isLast)

/** As the other, of texts; a binary message as in [request] of a text. */
public fun WebSocketPool.requestStream(
    text: String,
    timeout: Duration = Duration.INFINITE,
    retryStale: Boolean = false,
    isReply: (String) -> Boolean = { true },
    isLast: (String) -> Boolean,
): Flow<String> = requestStream(Message.Text(text), timeout, retryStale, Message::asText, isReply, isLast)

private suspend fun <T> WebSocketPool.request(
    message: Message,
    timeout: Duration,
    retryStale: Boolean,
    decode: (Message) -> T,
    isReply: (T) -> Boolean,
): T {
    requirePositive(timeout)
    val answer = PoolRequest(this, message, timeout, retryStale, decode, isReply).ask()
    answer.exchange.end()
    answer.lease.release()
    return answer.first
}

private fun <T> WebSocketPool.requestStream(
    message: Message,
    timeout: Duration,
    retryStale: Boolean,
    decode: (Message) -> T,
    isReply: (T) -> Boolean,
    isLast: (T) -> Boolean,
): Flow<T> {
    requirePositive(timeout)
    return flow {
        val answer = PoolRequest(this@requestStream, message, timeout, retryStale, decode, isReply).ask()
        try {
            answer.exchange.answer(answer.first, timeout, isLast, this) { answer.lease.release() }
        } finally {
            answer.lease.release()
        }
    }
}
