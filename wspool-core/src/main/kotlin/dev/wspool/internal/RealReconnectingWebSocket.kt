package dev.wspool.internal

import dev.wspool.ConnectionLostException
import dev.wspool.ConnectionState
import dev.wspool.ConnectionState.Connected
import dev.wspool.Endpoint
import dev.wspool.Lease
import dev.wspool.LeaseReleasedException
import dev.wspool.Message
import dev.wspool.PoolClosedException
import dev.wspool.PoolConfig
import dev.wspool.PoolEvent
import dev.wspool.PoolException
import dev.wspool.PoolStats
import dev.wspool.ReceiveTimeoutException
import dev.wspool.ReconnectingWebSocket
import dev.wspool.asBinary
import dev.wspool.asText
import dev.wspool.internal.diagnostics.shortage
import dev.wspool.internal.machine.Refusal
import dev.wspool.tryReceive
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.SharedFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.coroutines.cancellation.CancellationException
import kotlin.time.Duration

/** A pool of one and its [Keeper]: here is what its users do with the connection that is there. */
internal class RealReconnectingWebSocket(val pool: RealPool) : ReconnectingWebSocket {
    private val keeper = Keeper(pool)
    private val oneReceiver = Mutex() // rather than an error for a second: one that was cancelled may not have ended yet

    /** Whose messages are being received, until it has ended and all are. Touched by the receiver alone. */
    private var receiving: Connected? = null

    /** Messages that did not reach who received them. */
    private val returned = ArrayDeque<Message>()

    override val name: String get() = pool.name
    override val endpoint: Endpoint get() = pool.endpoint
    override val config: PoolConfig get() = pool.config
    override val stats: PoolStats get() = pool.stats
    override val events: SharedFlow<PoolEvent> get() = pool.events
    override val connectionState: StateFlow<ConnectionState> get() = keeper.state

    init {
        keeper.start()
    }

    override suspend fun awaitConnected(): Connected {
        var stale: ConnectionState? = null
        while (true) {
            val now = keeper.state.first { it !== stale }
            when (now) {
                is Connected -> if (now.lease.closeInfo == null) return now // else the keeper has not seen its end yet
                is ConnectionState.Disconnected -> if (now.isRefused) throw now.cause!!
                is ConnectionState.Closed -> throw pool.closedException()
            }
            stale = now
        }
    }

    // ---- sending ---------------------------------------------------------------------------------------------------------

    override suspend fun send(text: String) = send(Message.Text(text))

    override suspend fun send(bytes: ByteArray) = send(Message.Binary(bytes))

    override suspend fun send(message: Message) = onConnection { it.asking { it.lease.send(message) } }

    override suspend fun ping(timeout: Duration): Duration = onConnection { it.lease.ping(timeout) }

    private inline fun <T> onConnection(connection: Connected, use: (Connected) -> T): T = try {
        use(connection)
    } catch (released: LeaseReleasedException) {
        throw if (pool.isClosed) pool.closedException() else lostByReconnect(connection.lease, released)
    }

    private suspend inline fun <T> onConnection(use: (Connected) -> T): T = onConnection(connected(), use)

    /** The connection that is there, or that comes within `borrowTimeout`. */
    private suspend fun connected(): Connected {
        val timeout = config.borrowTimeout
        val state = withTimeoutOrNull(timeout) { awaitConnected() } // around no borrow: the keeper has done that
        if (state != null) return state
        val why = pool.mailbox.ask(pool::shortage)
        throw PoolRefused(pool, Refusal.TIMED_OUT, timeout.inWholeNanoseconds, currentCoroutineContext(), why).toException()
    }

    // ---- receiving -------------------------------------------------------------------------------------------------------

    override suspend fun receive(): Message = oneReceiver.withLock { next(seesLosses = true) }

    override suspend fun receive(timeout: Duration): Message {
        var received: Message? = null // kept outside of the block, whose result is dropped where the time is up
        if (timeout.isPositive()) {
            try {
                withTimeoutOrNull(timeout) { received = receive() }
            } catch (cancelled: CancellationException) {
                received?.let(::putBack) // the caller was cancelled while it was on its way to him
                throw cancelled
            }
        } else {
            received = if (oneReceiver.tryLock()) unlocking { nextNow() } else null // another waits: so nothing is there
        }
        return received ?: throw ReceiveTimeoutException("Nothing received from $name within $timeout")
    }

    override suspend fun receiveText(): String = receive().asText()

    override suspend fun receiveText(timeout: Duration): String = receive(timeout).asText()

    override suspend fun receiveBinary(): ByteArray = receive().asBinary()

    override suspend fun receiveBinary(timeout: Duration): ByteArray = receive(timeout).asBinary()

    override val messages: Flow<Message>
        get() = flow { while (true) emit(nextOfAll() ?: break) }

    /** The next message, whatever connection it comes on; null after the end. */
    suspend fun nextOfAll(): Message? = try {
        oneReceiver.withLock { next(seesLosses = false) }
    } catch (_: PoolClosedException) {
        null
    }

    private inline fun <T> unlocking(receive: () -> T): T = try {
        receive()
    } finally {
        oneReceiver.unlock()
    }

    /** [message] was received for somebody who is gone: it is there for the next. */
    fun putBack(message: Message): Unit = synchronized(returned) { returned.addLast(message) }

    private fun pollReturned(): Message? = synchronized(returned) { returned.removeFirstOrNull() }

    private suspend fun next(seesLosses: Boolean): Message {
        pollReturned()?.let { return it }
        while (true) {
            val connection = receiving ?: keeper.awaitUnread().also { receiving = it }
            var isWaiting = false
            try {
                val next = connection.lease.tryReceive() ?: run {
                    isWaiting = true
                    connection.lease.receive()
                }
                return next.also { connection.answered() }
            } catch (why: PoolException) {
                val loss = done(connection, why)
                if (seesLosses && (isWaiting || connection.isUnanswered)) throw loss
            }
        }
    }

    private fun nextNow(): Message? {
        pollReturned()?.let { return it }
        while (true) {
            val connection = receiving ?: keeper.pollUnread()?.also { receiving = it }
            if (connection == null) return if (pool.isClosed) throw pool.closedException() else null
            try {
                return connection.lease.tryReceive()?.also { connection.answered() }
            } catch (why: PoolException) {
                val loss = done(connection, why)
                if (connection.isUnanswered) throw loss
            }
        }
    }

    /** All that has come on [connection], and will, is received. @return what that is to who waits for a reply. */
    private fun done(connection: Connected, why: PoolException): PoolException {
        receiving = null
        connection.lease.release()
        if (pool.isClosed) throw pool.closedException()
        return if (why is LeaseReleasedException) lostByReconnect(connection.lease, why) else why
    }

    private fun lostByReconnect(lease: Lease, cause: Throwable) =
        ConnectionLostException("Connection ${lease.id} to $name was closed by reconnect()", lease.normalEnd, cause)

    // ---- the end ---------------------------------------------------------------------------------------------------------

    override fun reconnect() = keeper.reconnect()

    override fun close() = pool.close()

    override suspend fun awaitClosed() = pool.awaitClosed()

    override fun toString(): String = "ReconnectingWebSocket($name)"
}
