package dev.wspool.test

import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.Handshake
import dev.wspool.Message
import dev.wspool.transport.Capability
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Job
import kotlinx.coroutines.withTimeoutOrNull
import java.io.IOException
import java.net.SocketAddress

/**
 * A connection whose peer is the test: it says what arrives, sees what was sent, and lets the connection die.
 *
 * ```
 * connection.receives("price 42")
 * assertEquals(Message.Text("thanks"), connection.awaitSent())
 * connection.dies()
 * ```
 * It keeps to what the SPI says of a [Connection]: calls of the listener one at a time and in order, `onClosed` once and
 * last, nothing but the one message more that [overruns] allows while reading is stopped. What arrives meanwhile is held
 * until [resumeReading]. A listener is told in place, on the thread of whoever plays, unless it is being told something at
 * the moment; then that call takes this one along.
 *
 * Each `var` is a script that holds for the calls that follow.
 */
class FakeConnection internal constructor(
    private val connector: FakeConnector,
    listener: ConnectionListener,
    override val capabilities: Set<Capability>,
    override val handshake: Handshake,
) : Connection {
    /** How [send] goes. A send that fails with a [ConnectionLostException] ends the connection with its close code. */
    @Volatile var sending: FakeBehavior = FakeBehavior.Works

    /** How [ping] goes. */
    @Volatile var pinging: FakeBehavior = FakeBehavior.Works

    /** How [close] goes: until the Close frame is on its way. What the peer does then says [answersClose]. */
    @Volatile var closing: FakeBehavior = FakeBehavior.Works

    /** False for a peer that never answers a Close frame: only [abort], [closes] and [dies] end the connection then. */
    @Volatile var answersClose: Boolean = true

    /** False for an engine that cannot say when an aborted connection is gone: only [dies] tells then. */
    @Volatile var confirmsAbort: Boolean = true

    /** False for a peer that answers pings no more: it says what [pongs] says. */
    @Volatile var answersPing: Boolean = true

    /** Told of each message that was sent, on the sender's thread: the place for a peer that answers. */
    @Volatile var onSend: (Message) -> Unit = {}

    private val lock = Any()
    private val sentMessages = Record<Message>()
    private val sentPings = Record<ByteArray>()
    private val closeCall = CompletableDeferred<CloseInfo>()
    private val abortCall = Job()
    private val gone = Job()
    private val told = Job()
    private val reader = FakeReader(listener, ::ended) { told.complete() }

    /** True for an engine that delivers one message more after it was told to stop reading. */
    var overruns: Boolean by reader::overruns

    /** What the pool sent, in order. */
    val sent: List<Message> get() = sentMessages.all

    /** Payloads of the pings that the pool sent, in order. */
    val pings: List<ByteArray> get() = sentPings.all

    /** The Close frame that the pool sent, or null where none has been on its way. */
    @Volatile var closedWith: CloseInfo? = null
        private set

    /** True once the pool has aborted the connection. */
    val isAborted: Boolean get() = abortCall.isCompleted

    /** True until the connection ends or is aborted; also while it is closing. */
    val isOpen: Boolean get() = reader.endInfo == null && !gone.isCompleted

    /** True after the listener said stop, until [resumeReading]. */
    val readingStopped: Boolean get() = reader.stopped

    /** What the peer has sent and the listener does not read yet: messages, pongs, a Close frame. */
    val heldBack: Int get() = reader.held

    override val localAddress: SocketAddress? get() = null
    override val remoteAddress: SocketAddress? get() = null

    /** The peer sends [text]. @return false where reading is stopped, by this message or before, or the connection is gone. */
    fun receives(text: String): Boolean = receives(Message.Text(text))

    /** The peer sends [bytes]. @return as of a text. */
    fun receives(bytes: ByteArray): Boolean = receives(Message.Binary(bytes))

    /** The peer sends [message]. @return as of a text. */
    fun receives(message: Message): Boolean = reader.arrives(Arrival.Data(message))

    /** The peer sends a pong, asked for or not. @return as of a text. */
    fun pongs(payload: ByteArray): Boolean = reader.arrives(Arrival.Pong(payload))

    /** The peer closes with a Close frame, which the listener sees after all that the peer sent before. */
    fun closes(code: Int = CloseInfo.NORMAL, reason: String = "") {
        reader.arrives(Arrival.Close(CloseInfo(code, reason)))
    }

    /** The connection ends now, and with it whatever was held back. Harmless on one that has ended. @return true for the first. */
    fun dies(code: Int = CloseInfo.ABNORMAL, reason: String = "", cause: Throwable? = null): Boolean =
        reader.ends(CloseInfo(code, reason), cause)

    /** The peer sends back whatever it gets. */
    fun echoes() {
        onSend = { receives(it) }
    }

    /** The next message that the pool sends. @throws IllegalStateException where the connection is gone and it sent no more. */
    suspend fun awaitSent(): Message = sentMessages.await()

    /** The payload of the next ping that the pool sends. @throws IllegalStateException as [awaitSent]. */
    suspend fun awaitPing(): ByteArray = sentPings.await()

    /** Waits until the pool calls [close], also where that fails or hangs. @throws IllegalStateException where the connection ended and it never did. */
    suspend fun awaitClose(): CloseInfo = closeCall.await()

    /** Waits until the pool calls [abort]. */
    suspend fun awaitAbort(): Unit = abortCall.join()

    /** Waits until the listener has been told of the end. */
    suspend fun awaitEnd(): Unit = told.join()

    override suspend fun send(message: Message) {
        perform(sending) { lost() }
        synchronized(lock) {
            if (!isOpen || closedWith != null) throw lost()
            sentMessages.add(message)
        }
        onSend(message)
    }

    override suspend fun ping(payload: ByteArray) {
        if (Capability.Ping !in capabilities) throw UnsupportedOperationException("This connection cannot ping")
        require(payload.size <= MAX_CONTROL_PAYLOAD) { "A ping holds at most $MAX_CONTROL_PAYLOAD bytes, not ${payload.size}" }
        perform(pinging) { lost() }
        if (!isOpen) throw lost()
        sentPings.add(payload)
        if (answersPing) pongs(payload)
    }

    override suspend fun close(code: Int, reason: String) {
        if (!isOpen) return
        val info = CloseInfo(code, reason)
        closeCall.complete(info)
        perform(closing) { IOException("The Close frame could not be sent") }
        synchronized(lock) {
            if (!isOpen || closedWith != null) return
            closedWith = info
        }
        if (answersClose) reader.ends(info, null)
    }

    override fun abort() {
        if (!abortCall.complete()) return
        if (confirmsAbort) {
            dies()
        } else {
            reader.mute()
            noMore(CloseInfo(CloseInfo.ABNORMAL))
        }
    }

    override fun resumeReading(): Unit = reader.resume()

    private suspend fun perform(behavior: FakeBehavior, usual: () -> Throwable) {
        when (behavior) {
            is FakeBehavior.Works -> {}
            is FakeBehavior.Slow -> withTimeoutOrNull(behavior.time) { gone.join() }
            is FakeBehavior.Never -> gone.join()
            is FakeBehavior.Fails -> {
                val failure = if (isOpen) (behavior.failure ?: usual)() else usual()
                if (failure is ConnectionLostException) reader.ends(failure.closeInfo, failure)
                throw failure
            }
        }
    }

    /** The reader has seen the end and is about to tell it. */
    private fun ended(info: CloseInfo) {
        noMore(info)
        connector.ended()
    }

    private fun noMore(info: CloseInfo) {
        gone.complete()
        val why = "The connection has ended: $info"
        sentMessages.finish("$why; nothing more was sent")
        sentPings.finish("$why; no ping was sent")
        closeCall.completeExceptionally(IllegalStateException("$why; close was never called"))
    }

    private fun lost(): ConnectionLostException {
        val info = reader.endInfo ?: closedWith ?: CloseInfo(CloseInfo.ABNORMAL)
        return ConnectionLostException("The connection has ended: $info", info)
    }

    private companion object {
        /** RFC 6455, 5.5. */
        const val MAX_CONTROL_PAYLOAD = 125
    }
}
