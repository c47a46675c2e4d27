package dev.wspool

import kotlinx.coroutines.CopyableThrowable
import kotlinx.coroutines.ExperimentalCoroutinesApi

/**
 * Everything that a pool throws of its own. Unchecked, and never a [kotlinx.coroutines.CancellationException]: only the
 * caller's own cancellation is one.
 */
@OptIn(ExperimentalCoroutinesApi::class)
public sealed class PoolException(message: String, cause: Throwable? = null) :
    RuntimeException(message, cause),
    CopyableThrowable<PoolException> {
    /** Null: the stack trace recovery of coroutines' debug mode would put a copy in its place, with another cause. */
    final override fun createCopy(): PoolException? = null
}

/**
 * No connection could be lent within the timeout. The message says what the pool was doing and which setting limits it;
 * the cause is the last failed connect, where there was one, or a [NetworkLostException] where there is no network.
 */
public class BorrowTimeoutException internal constructor(message: String, cause: Throwable?) : PoolException(message, cause)

/** `maxWaiting` callers were waiting already. The cause is the last failed connect, where there was one. */
public class TooManyWaitersException internal constructor(message: String, cause: Throwable? = null) : PoolException(message, cause)

/**
 * There is no network, as the pool's [NetworkSignal] says. Thrown to callers where they are to [fail][OnNetworkLoss.Fail]; the cause of
 * their [BorrowTimeoutException] where they are to [wait][OnNetworkLoss.Wait].
 */
public class NetworkLostException internal constructor(message: String) : PoolException(message)

/** The pool is closed, or drains and lends no more. The cause is what closed it, where that was a failure. */
public class PoolClosedException internal constructor(message: String, cause: Throwable? = null) : PoolException(message, cause)

/** The lease was used after it had been given back. */
public class LeaseReleasedException internal constructor(message: String) : PoolException(message)

/**
 * Nothing was received within the timeout of a receive, or no pong within that of a ping. The lease can be used on, but after a
 * [RequestTimeoutException].
 */
public open class ReceiveTimeoutException internal constructor(message: String) : PoolException(message)

/** No reply came within the timeout of a request. Its lease has ended and its connection is closed: a late reply reaches nobody. */
public class RequestTimeoutException internal constructor(message: String) : ReceiveTimeoutException(message)

/** A message was not sent within `sendTimeout`: the peer does not read. The connection is lost. */
public class SendTimeoutException internal constructor(message: String) : PoolException(message)

/** More messages came than `receiveBuffer` holds, and nobody read them. The connection is lost. */
public class ReceiveBufferFullException internal constructor(message: String) : PoolException(message)

/**
 * The connection ended while it was in use.
 *
 * @property closeInfo its close code and reason; 1006 where no Close frame came.
 */
public class ConnectionLostException(
    message: String,
    public val closeInfo: CloseInfo,
    cause: Throwable? = null,
) : PoolException(message, cause)

/**
 * A message was larger than the engine takes, or, received, than `maxMessageSize`; then the connection is lost.
 *
 * @property limit the bound, in bytes.
 */
public class MessageTooBigException(message: String, public val limit: Long) : PoolException(message)

/**
 * A message was of the other kind than the receiver had asked for.
 *
 * @property received the message itself; the text does not quote it.
 */
public class UnexpectedMessageException(message: String, public val received: Message) : PoolException(message)

/**
 * A message is not what the receiver had asked for: it does not parse, or is of the other kind. It has been read, and the lease can
 * be used on. The text names what was expected, shows how the message begins, in a hundred characters at most, and what the format
 * has to say of it; the exception that the format threw is not attached, as it may quote the whole.
 *
 * @property received the message itself.
 */
public class MalformedMessageException internal constructor(message: String, public val received: Message) : PoolException(message)
