package dev.wspool

import dev.wspool.internal.MessageFormat
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.map
import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.SerialFormat
import kotlinx.serialization.SerializationStrategy
import kotlin.time.Duration

/**
 * A [lease] whose messages are values: [Out] is what goes out, [In] what comes in. It adds nothing to the lease, which can be used beside
 * it, and is given back as ever. Made by [typed].
 *
 * A message that is none of [In] fails the receive that reads it with [MalformedMessageException]: it is read then, and the lease can be
 * used on.
 */
public class TypedLease<in Out, out In> internal constructor(
    public val lease: Lease,
    private val outgoing: SerializationStrategy<Out>,
    private val incoming: DeserializationStrategy<In>,
    format: SerialFormat,
) {
    private val format = MessageFormat(format)

    /**
     * Sends [value], as a text message of a [kotlinx.serialization.StringFormat] or a binary one of a
     * [kotlinx.serialization.BinaryFormat]; otherwise as [Lease.send].
     *
     * @throws kotlinx.serialization.SerializationException where it cannot be written; nothing is sent, and the lease stays as it is.
     */
    public suspend fun send(value: Out): Unit = lease.send(encode(value))

    /**
     * Waits for the next message and reads it as an [In]; otherwise as [Lease.receive].
     *
     * @throws MalformedMessageException where it is none.
     */
    public suspend fun receive(): In = decode(lease.receive())

    /** As [receive], but at most for [timeout]; then as [Lease.receive] with a timeout. */
    public suspend fun receive(timeout: Duration): In = decode(lease.receive(timeout))

    /**
     * The messages as they come, each read as an [In]; otherwise as [Lease.messages]. It fails with [MalformedMessageException] at one that
     * is none; collected again, it goes on with the next.
     */
    public val messages: Flow<In> get() = lease.messages.map(::decode)

    /**
     * Sends [value] and waits for its reply; as the request of a lease. A message that is no [In] gives the request up, as nobody can tell
     * whether it was the reply.
     *
     * @throws MalformedMessageException where that happens: the lease has ended.
     */
    public suspend fun request(value: Out, timeout: Duration = Duration.INFINITE, isReply: (In) -> Boolean = { true }): In =
        lease.request(encode(value), timeout, ::decode, isReply)

    /** Sends [value], and is the messages that answer it; as the `requestStream` of a lease, and with malformed ones as [request]. */
    public fun requestStream(
        value: Out,
        timeout: Duration = Duration.INFINITE,
        isReply: (In) -> Boolean = { true },
        isLast: (In) -> Boolean,
    ): Flow<In> = lease.requestStream(encode(value), timeout, ::decode, isReply, isLast)

    private fun encode(value: Out): Message = format.encode(outgoing, value)

    private fun decode(message: Message): In = format.decode(incoming, message, lease)

    override fun toString(): String = lease.toString()
}
