package dev.wspool

import dev.wspool.internal.Connectors
import dev.wspool.internal.RealPool
import dev.wspool.transport.Connector
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.SharedFlow
import kotlinx.coroutines.flow.flow
import kotlin.contracts.ExperimentalContracts
import kotlin.contracts.InvocationKind
import kotlin.contracts.contract
import kotlin.time.Duration

/**
 * Lends WebSocket connections to one endpoint, first come, first served.
 *
 * Connections are opened when callers need them, kept for the next, and replaced when they end. Whatever is cancelled,
 * and whenever: no connection is lost, and none is lent that its last user left half-used.
 *
 * A pool is made with [WebSocketPool] and ends with [close] or [drain]. All its functions may be called from any thread.
 */
public interface WebSocketPool : AutoCloseable {
    /** What errors and logs call this pool. */
    public val name: String

    /** Where it connects to. */
    public val endpoint: Endpoint

    /** What it was told. */
    public val config: PoolConfig

    /** A snapshot of what it holds and has done. Never suspends; borrowers pay nothing for it. */
    public val stats: PoolStats

    /** All that there is to say of it now: each connection, lease and caller who waits, and what keeps him waiting. Never suspends. */
    public fun report(): PoolReport

    /** Whether callers are served, and if not, why: for a readiness probe. Never suspends. */
    public fun health(): PoolHealth

    /** Counts a failure of the application's own: [PoolStats.errors]. */
    public fun recordError()

    /** Sets [PoolStats.errors] to zero. */
    public fun resetErrors()

    /** Logs [stats], in one line, as INFO. */
    public fun logStatus()

    /**
     * Borrows a connection, waiting for `borrowTimeout` at most. Give it back with [Lease.release]; [withConnection] does
     * both.
     *
     * Cancelled at any moment, it leaves nothing behind: a connection that was under way to the caller goes to the next.
     *
     * @throws BorrowTimeoutException where none was free in time.
     * @throws TooManyWaitersException where `maxWaiting` callers wait already.
     * @throws PoolClosedException where the pool is closed, or is closed while the caller waits.
     * @throws ConnectFailedException where connecting failed in a way that trying again cannot mend.
     * @throws NetworkLostException where there is no network, or it is lost while the caller waits, and [NetworkSignal.onLoss] is
     * [OnNetworkLoss.Fail].
     */
    public suspend fun borrow(): Lease

    /** As [borrow], but waiting for [timeout] at most; zero does not wait, [Duration.INFINITE] waits for ever. */
    public suspend fun borrow(timeout: Duration): Lease

    /**
     * As [borrow], for a connection that the [request] describes.
     *
     * @throws IllegalArgumentException where it asks for more remaining life than any connection is sure to have.
     */
    public suspend fun borrow(request: BorrowRequest): Lease

    /**
     * Borrows an idle connection, or returns null where there is none. Never suspends, and never causes a dial.
     *
     * @throws UnsupportedOperationException where `onBorrow` is set, which would have to be waited for.
     */
    public fun tryBorrow(): Lease?

    /**
     * What happens to its connections, in order; free while nobody listens. A listener sees what comes after he began to
     * collect, and one who falls behind by more than 1,024 events misses the oldest: [PoolEvent.number]
     * tells how many.
     */
    public val events: SharedFlow<PoolEvent>

    /** How many connections there may be now: `maxConnections`, or what [AdaptiveCapacity] has found. */
    public val capacity: Int

    /** The time between two dials, on the average, that the pool keeps now; zero where it does not. */
    public val connectInterval: Duration

    /**
     * Changes settings while the pool runs. Connections that are too many by them are closed, idle ones now, leased ones when
     * they come back; times count for connections from their next deadline on, lifetimes for those that are opened from now on.
     *
     * @throws IllegalArgumentException where a setting makes no sense, or cannot be changed: `name`, `leasesPerConnection`,
     * `correlator`, `network`, `parent`, `dispatcher`, `timeSource`, `random`. Nothing is changed then.
     */
    public fun reconfigure(change: PoolConfig.Builder.() -> Unit)

    /** True where a caller need not expect to be kept waiting: `minIdle` connections are there, and the last dial went well. */
    public val isReady: Boolean

    /**
     * Waits until the pool [isReady]. Cancelled, it changes nothing.
     *
     * @throws PoolClosedException where the pool is closed before.
     */
    public suspend fun awaitReady()

    /**
     * Opens connections until [count] are there, idle or leased. Each dial is made once: where one fails, the report names
     * the cause and fewer are ready. Dials are paced as any others, so a server that is down takes its time; bound the call by
     * a timeout of your own. Cancelled, it leaves what was opened, and what is being opened, to the pool.
     *
     * @throws PoolClosedException where the pool is closed before all are there.
     */
    public suspend fun warmUp(count: Int): WarmUpReport

    /** Closes all idle connections now. Those that `minIdle` asks for are opened anew. */
    public fun evictIdle()

    /** Lends no connection again that is there now: idle ones are closed, leased ones when they come back. */
    public fun reset()

    /**
     * As [reset], and for connections that are being opened too: whoever borrows from now on gets one that was opened with the
     * credentials that `beforeConnect` provides from now on. A stop for refused credentials is over.
     */
    public fun rotateCredentials()

    /** Neither dials nor lends until [resume]; callers wait, each to his deadline. */
    public fun pause()

    /** Ends a [pause], and forgives what had failed: the next dial is made at once. */
    public fun resume()

    /**
     * Lends no more, serves who is waiting already, waits for all leases to come back, and closes; after [timeout] it closes
     * what is left. Returns when the last socket is closed. Cancelled, it leaves the pool draining.
     */
    public suspend fun drain(timeout: Duration)

    /**
     * Closes the pool: callers who wait fail, leases end, connections are closed with 1001 and, where the peer does not
     * answer, aborted. Plain, returns at once, harmless when called again. [awaitClosed] waits for the end.
     */
    override fun close()

    /** Waits until the pool is closed and its last socket with it. */
    public suspend fun awaitClosed()
}

/**
 * Makes a pool for [url] with the connector that is on the class path (wspool-ktor brings one), and owns that connector.
 *
 * @throws IllegalArgumentException where [url] or a setting makes no sense.
 * @throws IllegalStateException where no connector is on the class path.
 */
public fun WebSocketPool(url: String, configure: PoolConfig.Builder.() -> Unit = {}): WebSocketPool =
    WebSocketPool(Endpoint(url), Connectors::create, configure)

/**
 * Makes a pool for [endpoint] that owns the connector which [connector] makes of the settings for it: for those who provide
 * connectors.
 *
 * @throws IllegalArgumentException where a setting makes no sense.
 */
public fun WebSocketPool(
    endpoint: Endpoint,
    connector: (TransportConfig) -> Connector,
    configure: PoolConfig.Builder.() -> Unit = {},
): WebSocketPool {
    val config = PoolConfig.Builder().apply(configure).build()
    return RealPool(endpoint, config, connector(config.transport), ownsConnector = true)
}

/**
 * Makes a pool for [endpoint] on a [connector] of the caller's, which stays the caller's to close.
 *
 * @throws IllegalArgumentException where a setting makes no sense.
 */
public fun WebSocketPool(connector: Connector, endpoint: Endpoint, configure: PoolConfig.Builder.() -> Unit = {}): WebSocketPool {
    val config = PoolConfig.Builder().apply(configure).build()
    config.transport.requireOnly(why = "it is the connector's, which is there already")
    return RealPool(endpoint, config, connector, ownsConnector = false)
}

/**
 * Borrows a connection, runs [block] with it, and gives it back; as [WebSocketPool.borrow] with what it throws. A block that
 * throws or is cancelled makes the connection dirty: it is closed, not lent again. Leaving the block by `return` is clean.
 */
@OptIn(ExperimentalContracts::class)
public suspend inline fun <T> WebSocketPool.withConnection(block: Lease.() -> T): T {
    contract { callsInPlace(block, InvocationKind.EXACTLY_ONCE) }
    return borrow().useAndRelease(block)
}

/** As [withConnection], waiting for a connection for [timeout] at most. It bounds the wait, never the block. */
@OptIn(ExperimentalContracts::class)
public suspend inline fun <T> WebSocketPool.withConnection(timeout: Duration, block: Lease.() -> T): T {
    contract { callsInPlace(block, InvocationKind.EXACTLY_ONCE) }
    return borrow(timeout).useAndRelease(block)
}

/** As [withConnection], for a connection that the [request] describes. */
@OptIn(ExperimentalContracts::class)
public suspend inline fun <T> WebSocketPool.withConnection(request: BorrowRequest, block: Lease.() -> T): T {
    contract { callsInPlace(block, InvocationKind.EXACTLY_ONCE) }
    return borrow(request).useAndRelease(block)
}

/** As [withConnection], for the connection that served the key of [affinity] last, if it can be had. */
@OptIn(ExperimentalContracts::class)
public suspend inline fun <T> WebSocketPool.withConnection(affinity: AffinityKey, timeout: Duration? = null, block: Lease.() -> T): T {
    contract { callsInPlace(block, InvocationKind.EXACTLY_ONCE) }
    return borrow(BorrowRequest(timeout, affinity = affinity)).useAndRelease(block)
}

/**
 * Borrows the one connection that is called [id], and waits until it is free, or is there: `identify` in `onConnect` names
 * connections. It is not dialled for that.
 */
public suspend fun WebSocketPool.borrow(id: ConnectionId, timeout: Duration? = null): Lease = borrow(BorrowRequest(timeout, id))

/** A snapshot at once and then one [every] so often, until the collector goes. */
public fun WebSocketPool.statsFlow(every: Duration): Flow<PoolStats> {
    require(every.isPositive()) { "every must be positive, not $every" }
    return flow {
        while (true) {
            emit(stats)
            delay(every)
        }
    }
}

@OptIn(ExperimentalContracts::class)
@PublishedApi
internal inline fun <T> Lease.useAndRelease(block: Lease.() -> T): T {
    contract { callsInPlace(block, InvocationKind.EXACTLY_ONCE) }
    try {
        return block()
    } catch (failure: Throwable) {
        failed(failure)
        throw failure
    } finally {
        release()
    }
}
