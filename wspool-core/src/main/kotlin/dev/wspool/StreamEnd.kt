package dev.wspool

/** How the two ends of a [ByteStream] tell each other that no more bytes come. */
public enum class StreamEnd {
    /**
     * By the Close frame, which every peer understands. It is the end of both directions (RFC 6455, 5.5.1), and of the connection:
     * who closes the output has read what he wants to read. A stream that nobody closes, as its bytes tell where they end,
     * leaves a connection that is lent on.
     */
    CloseFrame,

    /**
     * By an empty binary message, where the peer has agreed on that. It closes one direction and leaves the other open, and the
     * connection with it: when both ends have said so, it is lent on, to the next stream. A Close that comes before it, whatever its
     * code, is a failure: a peer that gave up in the middle closes with 1000 too.
     */
    EmptyMessage,
}
