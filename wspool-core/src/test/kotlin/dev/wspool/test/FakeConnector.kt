package dev.wspool.test

import dev.wspool.Endpoint
import dev.wspool.Handshake
import dev.wspool.transport.Capability
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.Connector
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update
import kotlin.math.max

/**
 * A connector that the test plays: the test is the network and the server. Works in virtual time and with real threads.
 *
 * ```
 * val connector = FakeConnector()
 * val pool = WebSocketPool(connector, Endpoint("ws://fake")) { maxConnections = 1 }
 * val reply = async { pool.withConnection { send("hello"); receiveText() } }
 *
 * val connection = connector.awaitConnect().succeed()
 * assertEquals(Message.Text("hello"), connection.awaitSent())
 * connection.receives("world")
 * assertEquals("world", reply.await())
 * ```
 * Where the dials do not matter: `FakeConnector(autoConnect = true) { it.echoes() }`.
 *
 * @property autoConnect true to answer each further dial as [connecting] says; false to leave it to [awaitConnect].
 * @property onConnection told of each connection before anybody else, to set it up.
 */
class FakeConnector(
    @Volatile var autoConnect: Boolean = false,
    @Volatile var onConnection: (FakeConnection) -> Unit = {},
) : Connector {
    /** How dials are answered with [autoConnect]. */
    @Volatile var connecting: FakeBehavior = FakeBehavior.Works

    /** Run in each dial before it is answered, with [autoConnect] or without: a place to suspend, or to answer otherwise. */
    @Volatile var onDial: suspend (FakeDial) -> Unit = {}

    /** What further connections can do. */
    @Volatile var capabilities: Set<Capability> = Capability.entries.toSet()

    /** What the server says to further connections. */
    @Volatile var handshake: Handshake = Handshake()

    private val lock = Any()
    private val allDials = ArrayList<FakeDial>()
    private val allConnections = ArrayList<FakeConnection>()
    private val unanswered = Channel<FakeDial>(Channel.UNLIMITED)
    private val open = MutableStateFlow(0)
    private var dialing = 0
    private var opened = 0
    private var closes = 0

    /** Every call of [connect], in order. */
    val dials: List<FakeDial> get() = synchronized(lock) { allDials.toList() }

    /** Every connection, in the order of their success, ended ones included. */
    val connections: List<FakeConnection> get() = synchronized(lock) { allConnections.toList() }

    /** How often [connect] was called. */
    val dialCount: Int get() = synchronized(lock) { allDials.size }

    /** Dials without an answer. */
    val pendingDials: Int get() = synchronized(lock) { dialing }

    /** Connections whose listener has not been told of their end. */
    val openConnections: Int get() = synchronized(lock) { opened }

    /** The most [openConnections] there ever were. */
    var mostOpenConnections: Int = 0
        get() = synchronized(lock) { field }
        private set

    /** The most [pendingDials] and [openConnections] there ever were together: what `maxConnections` bounds. */
    var mostAtOnce: Int = 0
        get() = synchronized(lock) { field }
        private set

    /** How often [close] was called. */
    val closeCount: Int get() = synchronized(lock) { closes }

    /** The next dial that waits for an answer, in the order of the dials. */
    suspend fun awaitConnect(): FakeDial = unanswered.receive()

    /** The next dial that waits for an answer, or null where there is none now. */
    fun tryConnect(): FakeDial? = unanswered.tryReceive().getOrNull()

    /** Waits until [count] connections are open. */
    suspend fun awaitOpenConnections(count: Int) {
        open.first { it == count }
    }

    override suspend fun connect(endpoint: Endpoint, listener: ConnectionListener): Connection {
        val dial = FakeDial(this, endpoint, listener)
        synchronized(lock) {
            check(closes == 0) { "connect was called after close" }
            allDials += dial
            dialing++
            count()
        }
        return dial.answer(if (autoConnect) connecting else null)
    }

    override fun close() {
        synchronized(lock) { closes++ }
    }

    internal fun offer(dial: FakeDial) {
        unanswered.trySend(dial)
    }

    /** The dial has its answer: its place is free, or taken by the connection that it became. */
    internal fun settled(connection: FakeConnection?) {
        synchronized(lock) {
            dialing--
            if (connection != null) {
                allConnections += connection
                opened++
            }
            count()
        }
        if (connection != null) open.update { it + 1 }
    }

    internal fun ended() {
        synchronized(lock) { opened-- }
        open.update { it - 1 }
    }

    private fun count() {
        mostOpenConnections = max(mostOpenConnections, opened)
        mostAtOnce = max(mostAtOnce, dialing + opened)
    }
}
