package dev.wspool.samples.benchmarks.echo

/** A client with connections that are open to one echo server, as an application of coroutines would use it. */
internal interface EchoClient : AutoCloseable {
    /** Sends [message] on the connection with that number, if connections have numbers here, and returns the reply. */
    suspend fun exchange(connection: Int, message: ByteArray): ByteArray

    /** Sends [message] so often, on one connection, never more than [outstanding] ahead of the replies. */
    suspend fun pipeline(message: ByteArray, times: Int, outstanding: Int)
}

/** One connection: what a client's session and a pool's lease have in common here. */
internal interface EchoSession {
    suspend fun send(message: ByteArray)

    suspend fun receive(): ByteArray
}

/** Each reply lets one more message go, so that one coroutine keeps the window full. */
internal suspend fun EchoSession.pipeline(message: ByteArray, times: Int, outstanding: Int) {
    repeat(outstanding) { send(message) }
    repeat(times - outstanding) {
        receive().requireEcho(message)
        send(message)
    }
    repeat(outstanding) { receive().requireEcho(message) }
}

internal fun ByteArray.requireEcho(message: ByteArray) = check(size == message.size) { "$size bytes came back of ${message.size}" }
