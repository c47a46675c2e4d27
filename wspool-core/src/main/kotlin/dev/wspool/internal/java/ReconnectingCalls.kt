package dev.wspool.internal.java

import dev.wspool.ConnectionState
import dev.wspool.Endpoint
import dev.wspool.Message
import dev.wspool.PoolConfig
import dev.wspool.ReconnectingWebSocket
import dev.wspool.asBinary
import dev.wspool.asText
import dev.wspool.internal.RealReconnectingWebSocket
import dev.wspool.transport.Connector
import kotlinx.coroutines.flow.transformWhile
import java.util.function.Consumer

/** A connection that is kept, made for Java, and what suspends in it, as calls. Spans are in nanoseconds. */
internal object ReconnectingCalls {
    @JvmStatic
    fun create(url: String, configure: Consumer<PoolConfig.Builder>): ReconnectingWebSocket =
        ReconnectingWebSocket(url) { configure.accept(this) }

    @JvmStatic
    fun of(connector: Connector, endpoint: Endpoint, configure: Consumer<PoolConfig.Builder>): ReconnectingWebSocket =
        ReconnectingWebSocket(connector, endpoint) { configure.accept(this) }

    @JvmStatic
    fun send(socket: ReconnectingWebSocket, message: Message): Call<Unit> = object : Call<Unit>(socket.real.pool.outside) {
        override suspend fun invoke() = socket.send(message)
    }

    @JvmStatic
    fun receive(socket: ReconnectingWebSocket): Call<Message> = object : KeptReceive(socket.real) {
        override suspend fun invoke() = socket.receive()
    }

    @JvmStatic
    fun receive(socket: ReconnectingWebSocket, timeout: Long): Call<Message> = object : KeptReceive(socket.real) {
        override suspend fun invoke() = socket.receive(span(timeout))
    }

    /** The next of all connections; null after the end. */
    @JvmStatic
    fun next(socket: ReconnectingWebSocket): Call<Message?> = object : Call<Message?>(socket.real.pool.outside) {
        override suspend fun invoke() = socket.real.nextOfAll()
    }

    @JvmStatic fun text(message: Message): String = message.asText()

    @JvmStatic fun binary(message: Message): ByteArray = message.asBinary()

    @JvmStatic
    fun ping(socket: ReconnectingWebSocket, timeout: Long): Call<Long> = object : Call<Long>(socket.real.pool.outside) {
        override suspend fun invoke() = socket.ping(span(timeout)).inWholeNanoseconds
    }

    @JvmStatic
    fun awaitConnected(socket: ReconnectingWebSocket): Call<ConnectionState.Connected> =
        object : Call<ConnectionState.Connected>(socket.real.pool.outside) {
            override suspend fun invoke() = socket.awaitConnected()
        }

    @JvmStatic
    fun awaitClosed(socket: ReconnectingWebSocket): Call<Unit> = object : Call<Unit>(socket.real.pool.outside) {
        override suspend fun invoke() = socket.awaitClosed()
    }

    /** Up to and including the last. */
    @JvmStatic
    fun states(socket: ReconnectingWebSocket, sink: Sink<ConnectionState>): Listening<ConnectionState> {
        val states = socket.connectionState.transformWhile {
            emit(it)
            it !is ConnectionState.Closed
        }
        return Listening(states, socket.real.pool.outside, sink) { socket.real.pool.background.failed(it) }
    }

    private val ReconnectingWebSocket.real get() = this as RealReconnectingWebSocket
}

private abstract class KeptReceive(private val socket: RealReconnectingWebSocket) : Call<Message>(socket.pool.outside) {
    final override fun undelivered(result: Message) = socket.putBack(result)
}
