package dev.wspool

import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * What becomes of a connection that is given back with messages unread. Whatever is chosen: one whose last user gave up a
 * receive, or whose operation failed, is closed, unless [Drain] finds the end of what he had asked for.
 */
public sealed class UnreadMessages {
    /** It is closed: what is unread may be the reply to somebody else's request. */
    public object CloseConnection : UnreadMessages()

    /**
     * They are dropped and the connection is lent on: for connections on which nobody waits for replies. A server that goes on
     * sending wants `unsolicitedMessages` to be set as well.
     */
    public object Drop : UnreadMessages()

    /**
     * They are there for the next user: for subscriptions that belong to the connection. With `receiveBuffer` of them unread the
     * server is held back.
     */
    public object Keep : UnreadMessages()

    /**
     * They are read, and those that come, up to one for which [until] is true: then the connection is lent on. It counts as
     * leased meanwhile. Where [maxMessages] have come or [maxTime] is over before, it is closed.
     */
    public class Drain(
        public val maxMessages: Int = 100,
        public val maxTime: Duration = 1.seconds,
        @get:JvmSynthetic public val until: (Message) -> Boolean,
    ) : UnreadMessages() {
        init {
            require(maxMessages >= 1) { "maxMessages must be at least 1, not $maxMessages" }
            require(maxTime.isPositive()) { "maxTime must be positive, not $maxTime" }
        }
    }
}

/** What becomes of a connection to which a message comes while nobody holds it. */
public sealed class UnsolicitedMessages {
    /** It is closed, and counts as a failed dial: who dials a server that always speaks first must not do so for ever. */
    public object CloseConnection : UnsolicitedMessages()

    /** The message is dropped. */
    public object Drop : UnsolicitedMessages()

    /** The message is there for the next user. With `receiveBuffer` of them unread the server is held back. */
    public object Keep : UnsolicitedMessages()

    /** The message goes to [handler], with the connection's id: one at a time and in order. It is cancelled at the pool's end. */
    public class Handle(@get:JvmSynthetic public val handler: suspend (ConnectionId, Message) -> Unit) : UnsolicitedMessages()
}
