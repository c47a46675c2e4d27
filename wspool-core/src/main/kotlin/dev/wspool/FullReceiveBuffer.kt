package dev.wspool

/** What happens where a user does not read what a connection receives, and [PoolConfig.Builder.receiveBuffer] is full. */
public enum class FullReceiveBuffer {
    /**
     * Reading stops until there is room, and TCP holds the peer back. Pings, pongs and Closes behind the messages wait with
     * them; meanwhile no pong is missed. An engine that cannot stop reading does as [FailLease].
     */
    StopReading,

    /**
     * The connection is aborted: whoever has read what came before gets a [ReceiveBufferFullException]. For feeds where a
     * reader who is too slow had better be told than fall behind.
     */
    FailLease,
}
