package dev.wspool.transport

/** What a [Connection] may be able to do; the pool uses what is there and says so where something it needs is not. */
public enum class Capability {
    /** Sends pings and tells of pongs. */
    Ping,

    /** Stops reading when told to, so that TCP holds back a peer that sends faster than it is read. */
    Backpressure,

    /** Bounds the size of a received message. */
    MessageBound,

    /** [Connection.abort] frees the socket at once, even with a writer that is stuck. */
    HardAbort,

    /** Checks that text is valid UTF-8 and fails the connection with 1007 where it is not (RFC 6455, 8.1). */
    Utf8Check,
}
