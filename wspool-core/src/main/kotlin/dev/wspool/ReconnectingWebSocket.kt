package dev.wspool

import dev.wspool.internal.Connectors
import dev.wspool.internal.RealPool
import dev.wspool.internal.RealReconnectingWebSocket
import dev.wspool.transport.Connector
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.SharedFlow
import kotlinx.coroutines.flow.StateFlow
import kotlin.time.Duration

/**
 * One connection that is always there: opened at once, watched, and opened anew whenever it ends. It is a pool of one, with the
 * pool's pings, backoff, hooks and errors, that is lent for good: for subscriptions and other talk that belongs to a connection.
 *
 * No message is repeated, and none is made up. What was sent when a connection ended may have arrived or not; what the server
 * sent meanwhile is lost, and its to send again: subscribe in `onConnect`, which is called with each new connection. One that ends
 * before it could be taken counts as a failure to connect, and what came on it is dropped.
 *
 * It is made with [ReconnectingWebSocket] and ends with [close]. All its functions may be called from any thread. A message goes
 * to one receiver: of two, one waits for the other.
 */
public interface ReconnectingWebSocket : AutoCloseable {
    /** What errors and logs call it. */
    public val name: String

    /** Where it connects to. */
    public val endpoint: Endpoint

    /** What it was told. */
    public val config: PoolConfig

    /** What it has done. */
    public val stats: PoolStats

    /** What happens to its connections, in order; as [WebSocketPool.events]. */
    public val events: SharedFlow<PoolEvent>

    /** Whether there is a connection, and why not. Who is slow sees the latest. */
    public val connectionState: StateFlow<ConnectionState>

    /**
     * Waits until there is a connection, for as long as it takes.
     *
     * @throws ConnectFailedException where connecting failed in a way that trying again is not likely to mend. It is tried again all the
     * same, ever more slowly.
     * @throws NetworkLostException where there is no network, and [NetworkSignal.onLoss] is [OnNetworkLoss.Fail].
     * @throws PoolClosedException after [close].
     */
    public suspend fun awaitConnected(): ConnectionState.Connected

    /**
     * Sends a text message; returns when the engine has taken it. Where there is no connection it waits for the next, for
     * `borrowTimeout` at most. A send that is cancelled, while it is sending, ends the connection.
     *
     * @throws BorrowTimeoutException where there was no connection in time. Nothing was sent.
     * @throws ConnectionLostException where the connection ended meanwhile: the message may have arrived, and is not sent again.
     * @throws ConnectFailedException as [awaitConnected]. Nothing was sent.
     * @throws PoolClosedException after [close].
     */
    public suspend fun send(text: String)

    /** Sends a binary message; the array must not change until this returns. Otherwise as [send] of a text. */
    public suspend fun send(bytes: ByteArray)

    /** Sends a message; otherwise as [send] of a text. */
    public suspend fun send(message: Message)

    /**
     * Waits for the next message, over connections that come and go. Cancelled, it loses none.
     *
     * @throws ConnectionLostException where the connection ends while this waits, or has ended with more messages sent on it than received
     * since, and all that came before is read: a reply will not come. The next receive goes on with the next connection.
     * @throws ConnectFailedException as [awaitConnected].
     * @throws PoolClosedException after [close].
     */
    public suspend fun receive(): Message

    /** As [receive], but at most for [timeout]. @throws ReceiveTimeoutException where nothing came. */
    public suspend fun receive(timeout: Duration): Message

    /** As [receive], for text. @throws UnexpectedMessageException where it is binary. */
    public suspend fun receiveText(): String

    /** As [receiveText], but at most for [timeout]. */
    public suspend fun receiveText(timeout: Duration): String

    /** As [receive], for binary. @throws UnexpectedMessageException where it is text. */
    public suspend fun receiveBinary(): ByteArray

    /** As [receiveBinary], but at most for [timeout]. */
    public suspend fun receiveBinary(timeout: Duration): ByteArray

    /**
     * The messages of one connection after the other, until [close], which completes it. A connection that ends is no failure here:
     * [connectionState] tells. Otherwise as [receive].
     */
    public val messages: Flow<Message>

    /** Sends a ping and waits for its pong; as [Lease.ping], and for a connection as [send]. */
    public suspend fun ping(timeout: Duration = Duration.INFINITE): Duration

    /**
     * Closes the connection that is there, or is being opened, and opens another at once, with what `beforeConnect` provides from now
     * on: for new credentials. What came and was not received is dropped.
     */
    public fun reconnect()

    /** Closes it: who waits fails, the connection is closed with 1001. Plain, returns at once, harmless when called again. */
    override fun close()

    /** Waits until it is closed and its socket with it. */
    public suspend fun awaitClosed()
}

/**
 * Makes a connection to [url] that is kept, with the connector that is on the class path (wspool-ktor brings one).
 *
 * @param configure the settings of a pool, without those that are about several connections or about giving one back.
 * @throws IllegalArgumentException where [url] or a setting makes no sense.
 * @throws IllegalStateException where no connector is on the class path.
 */
public fun ReconnectingWebSocket(url: String, configure: PoolConfig.Builder.() -> Unit = {}): ReconnectingWebSocket {
    val config = configOfOne(configure)
    return RealReconnectingWebSocket(RealPool(Endpoint(url), config, Connectors.create(config.transport), ownsConnector = true))
}

/**
 * As the other, on a [connector] of the caller's, which stays the caller's to close.
 *
 * @throws IllegalArgumentException where a setting makes no sense.
 */
public fun ReconnectingWebSocket(
    connector: Connector,
    endpoint: Endpoint,
    configure: PoolConfig.Builder.() -> Unit = {},
): ReconnectingWebSocket {
    val config = configOfOne(configure)
    config.transport.requireOnly(why = "it is the connector's, which is there already")
    return RealReconnectingWebSocket(RealPool(endpoint, config, connector, ownsConnector = false))
}

private fun configOfOne(configure: PoolConfig.Builder.() -> Unit): PoolConfig {
    val builder = PoolConfig.Builder().apply {
        maxConnections = 1
        minIdle = 1
        maxLifetime = Duration.INFINITE
        unsolicitedMessages = UnsolicitedMessages.Keep // of a greeting that comes before the connection is taken
        configure()
    }
    require(builder.maxConnections == 1) { "maxConnections cannot be set here: it is one connection" }
    require(builder.minIdle == 1) { "minIdle cannot be set here: it is one connection" }
    require(builder.maxLifetime.isInfinite()) { "maxLifetime $NEVER_GIVEN_BACK" }
    builder.firstGiven(OF_SHARING)?.let { throw IllegalArgumentException("$it cannot be set here: nobody else has the connection") }
    builder.firstGiven(OF_A_RETURN)?.let { throw IllegalArgumentException("$it $NEVER_GIVEN_BACK") }
    return builder.build()
}

private const val NEVER_GIVEN_BACK = "cannot be set here: the connection is never given back"
private val OF_A_RETURN = listOf("adaptiveCapacity", "maxIdle", "maxIdleTime", "maxUses", "minRemainingLifetime", "unreadMessages")
private val OF_SHARING = listOf("correlator", "leasesPerConnection")
