package dev.wspool.samples.benchmarks.echo

/** Opens connections, and ends them all with [close]. */
internal interface Dialer : AutoCloseable {
    suspend fun dial(): EchoSession
}

/** Connections without a pool: who knows his number needs none. */
internal class SessionClient private constructor(private val sessions: List<EchoSession>, private val dialer: Dialer) : EchoClient {
    override suspend fun exchange(connection: Int, message: ByteArray): ByteArray {
        val session = sessions[connection]
        session.send(message)
        return session.receive()
    }

    override suspend fun pipeline(message: ByteArray, times: Int, outstanding: Int) =
        sessions.first().pipeline(message, times, outstanding)

    override fun close(): Unit = dialer.close()

    companion object {
        suspend fun open(connections: Int, dialer: Dialer) = SessionClient(List(connections) { dialer.dial() }, dialer)
    }
}
