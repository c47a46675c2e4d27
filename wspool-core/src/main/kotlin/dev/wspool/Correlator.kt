package dev.wspool

/**
 * Tells whose a message is on a connection that several leases share (`leasesPerConnection`), by an id that a request and its
 * replies have in common. An id is anything that has `equals` and `hashCode`.
 *
 * It is asked about each message: of what is sent by the sender's coroutine, of what comes on the thread that reads it, several at a
 * time. So it must be quick, must not block, and keeps nothing between two messages.
 */
public interface Correlator {
    /**
     * The id by which the replies to [request] will name it, or null where none is expected. Further messages with an id that
     * the same lease has open belong to the same request.
     *
     * What it throws, `send` throws, and nothing is sent.
     */
    public fun requestId(request: Message): Any?

    /**
     * Which request [message] is a reply to, or null where it is none: a notification, say.
     *
     * What it throws counts as a breach of the protocol: it closes the connection, for all who share it.
     */
    public fun replyTo(message: Message): Reply?

    /**
     * What tells the peer that nobody waits for replies to [requestId] any more, or null where the protocol has nothing for that. Sent
     * where a lease ends, or its user gives up, before the last reply has come.
     */
    public fun cancellation(requestId: Any): Message? = null

    /**
     * What the protocol itself answers at once to [message], which is a reply to nobody: a pong to its own kind of ping, say; or
     * null for nothing.
     */
    public fun answerTo(message: Message): Message? = null

    /**
     * What a message is a reply to.
     *
     * @property requestId the id of the request.
     * @property isLast true where no further reply to it follows.
     */
    public class Reply
        @JvmOverloads
        constructor(public val requestId: Any, public val isLast: Boolean = true)
}
