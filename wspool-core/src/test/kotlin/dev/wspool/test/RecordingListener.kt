package dev.wspool.test

import dev.wspool.CloseInfo
import dev.wspool.Message
import dev.wspool.transport.ConnectPhase
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration

/**
 * A listener that writes down what a connection tells it, and whether the connection broke the rules of the SPI.
 *
 * ```
 * val listener = RecordingListener(backgroundScope)
 * val connection = connector.connect(endpoint, listener)
 * assertEquals(Message.Text("hello"), listener.awaitMessage())
 * connection.abort()
 * assertEquals(1006, listener.awaitClosed().code)
 * assertEquals(emptyList(), listener.misuse)
 * ```
 */
class RecordingListener(
    override val scope: CoroutineScope = CoroutineScope(SupervisorJob() + Dispatchers.Default),
    override val connectTimeout: Duration = Duration.INFINITE,
) : ConnectionListener {
    /** Called for each message before [onMessage] returns, on the reader's thread. */
    @Volatile var onReceive: (Message) -> Unit = {}

    /** How far the connector has come. */
    @Volatile var phase: ConnectPhase? = null
        private set

    private val received = Record<Message>()
    private val pongPayloads = Record<ByteArray>()
    private val end = CompletableDeferred<CloseInfo>()
    private val inside = AtomicInteger()
    private val lock = Any()
    private val broken = ArrayList<String>()
    private var wantsMore = true
    private var sinceStop = 0

    /** What arrived, in order. */
    val messages: List<Message> get() = received.all

    /** How many messages arrived. */
    val messageCount: Int get() = received.size

    /** Payloads of the pongs that arrived, in order. */
    val pongs: List<ByteArray> get() = pongPayloads.all

    /** True once the connection has told of its end. */
    val isClosed: Boolean get() = end.isCompleted

    /** The cause that the connection gave for its end, or null. */
    @Volatile var closedCause: Throwable? = null
        private set

    /** Which rules the connection broke: calls at the same time, calls after the end, messages after stop. */
    val misuse: List<String> get() = synchronized(lock) { broken.toList() }

    /** The next message says stop, and so does each further one until [resume]. */
    fun stop() {
        synchronized(lock) { wantsMore = false }
    }

    /** Goes on reading. */
    fun resume(connection: Connection) {
        allow()
        connection.resumeReading()
    }

    /** What [resume] does on this side: for a test that calls [Connection.resumeReading] itself. */
    fun allow(): Unit = synchronized(lock) {
        wantsMore = true
        sinceStop = 0
    }

    /** The next message that nobody has awaited. @throws IllegalStateException where the connection ended instead. */
    suspend fun awaitMessage(): Message = received.await()

    /** The payload of the next pong that nobody has awaited. @throws IllegalStateException where the connection ended instead. */
    suspend fun awaitPong(): ByteArray = pongPayloads.await()

    /** Waits for the end of the connection. */
    suspend fun awaitClosed(): CloseInfo = end.await()

    override fun onPhase(phase: ConnectPhase) {
        this.phase = phase
    }

    override fun onMessage(message: Message): Boolean = alone("onMessage") {
        var goOn = true
        synchronized(lock) {
            if (!wantsMore && ++sinceStop > 2) broken += "onMessage: message $sinceStop since the listener said stop, 2 are allowed"
            goOn = wantsMore
        }
        received.add(message)
        onReceive(message)
        goOn
    }

    override fun onPong(payload: ByteArray): Unit = alone("onPong") { pongPayloads.add(payload) }

    override fun onClosed(info: CloseInfo, cause: Throwable?): Unit = alone("onClosed") {
        closedCause = cause
        received.finish("The connection has ended: $info")
        pongPayloads.finish("The connection has ended: $info")
        end.complete(info)
    }

    private fun <T> alone(call: String, action: () -> T): T {
        if (inside.getAndIncrement() > 0) breaks("$call during another call")
        if (isClosed) breaks("$call after onClosed")
        try {
            return action()
        } finally {
            inside.decrementAndGet()
        }
    }

    private fun breaks(rule: String) {
        synchronized(lock) { broken += rule }
    }
}
