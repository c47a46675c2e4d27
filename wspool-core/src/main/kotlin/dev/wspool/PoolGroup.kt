package dev.wspool

import dev.wspool.internal.Connectors
import dev.wspool.internal.group.GroupRoom
import dev.wspool.internal.group.RealPoolGroup
import dev.wspool.transport.Connector
import kotlinx.coroutines.flow.SharedFlow
import kotlin.contracts.ExperimentalContracts
import kotlin.contracts.InvocationKind
import kotlin.contracts.contract
import kotlin.time.Duration

/** What there is to say of a group, and how it ends: of a [PoolGroup] and of a [KeyedPoolGroup]. */
public interface AnyPoolGroup : AutoCloseable {
    /** What errors and logs call this group. */
    public val name: String

    /** What it was told. */
    public val config: GroupConfig

    /** A snapshot of what it holds and has done. Never suspends. */
    public val stats: GroupStats

    /** Whether callers are served, and if not, why. Never suspends. */
    public fun health(): PoolHealth

    /** All that there is to say of each endpoint's pool. Never suspends. */
    public fun reports(): List<PoolReport>

    /**
     * What happens to its endpoints and their connections, in order, as [WebSocketPool.events]. The events of connections name the
     * endpoint's pool, the last one, [PoolEvent.Ended], the group.
     */
    public val events: SharedFlow<PoolEvent>

    /**
     * Changes settings while the group runs, of all pools too; [GroupConfig.Builder.each] is asked anew. Connections that are too many by
     * them are closed, idle ones now, leased ones when they come back.
     *
     * @throws IllegalArgumentException where a setting makes no sense, or cannot be changed: `name`, `ejection`, and what
     * [WebSocketPool.reconfigure] does not change of a pool. Nothing is changed then.
     */
    public fun reconfigure(change: GroupConfig.Builder.() -> Unit)

    /** Closes all idle connections now. Those that `minIdle` asks for are opened anew. */
    public fun evictIdle()

    /** As [WebSocketPool.reset], of all pools. */
    public fun reset()

    /** As [WebSocketPool.rotateCredentials], of all pools. */
    public fun rotateCredentials()

    /** Neither dials nor lends until [resume], to any endpoint; callers wait, each to his deadline. */
    public fun pause()

    /** Ends a [pause], and forgives what had failed: the next dials are made at once. An endpoint that is ejected stays so. */
    public fun resume()

    /**
     * Lends no more, serves who is waiting already, waits for all leases to come back, and closes; after [timeout] it closes
     * what is left. Returns when the last socket is closed. Cancelled, it leaves the group draining.
     */
    public suspend fun drain(timeout: Duration)

    /** Closes all pools: callers who wait fail, leases end. Plain, returns at once, harmless when called again. */
    override fun close()

    /** Waits until the group is closed and its last socket with it. */
    public suspend fun awaitClosed()
}

/**
 * Lends WebSocket connections to several endpoints of which each can serve every caller, first come, first served: whichever endpoint
 * has one first serves who has waited longest.
 *
 * Each endpoint has a pool of its own; [GroupConfig.balancer] shares callers out, and an endpoint that fails is passed by. All functions
 * may be called from any thread.
 */
public interface PoolGroup : AnyPoolGroup {
    /**
     * Borrows a connection, waiting for `borrowTimeout` at most. Give it back with [Lease.release]; [withConnection] does both.
     *
     * Cancelled at any moment, it leaves nothing behind: a connection that was under way to the caller goes to the next.
     *
     * @throws BorrowTimeoutException where no endpoint had one in time.
     * @throws TooManyWaitersException where `maxWaiting` callers wait already.
     * @throws PoolClosedException where the group is closed, or is closed while the caller waits.
     * @throws ConnectFailedException where connecting to every endpoint failed in a way that trying again cannot mend.
     */
    public suspend fun borrow(): Lease

    /** As [borrow], but waiting for [timeout] at most; zero does not wait, [Duration.INFINITE] waits for ever. */
    public suspend fun borrow(timeout: Duration): Lease

    /** As [borrow], for a connection that the [request] describes. Its `affinity` is the key of [Balancer.ConsistentHash] too. */
    public suspend fun borrow(request: BorrowRequest): Lease

    /** Borrows an idle connection, or returns null where no endpoint has one. Never suspends, and never causes a dial. */
    public fun tryBorrow(): Lease?

    /** True where a caller need not expect to be kept waiting: an endpoint serves, and its pool [is ready][WebSocketPool.isReady]. */
    public val isReady: Boolean

    /**
     * Waits until the group [isReady]. Cancelled, it changes nothing.
     *
     * @throws PoolClosedException where the group is closed before.
     */
    public suspend fun awaitReady()

    /**
     * Opens connections until [countOfEach] to each endpoint that is known now, and not ejected, are there, or its `maxConnections`, or all that the group
     * may have; as [WebSocketPool.warmUp], with the report of all together. Cancelled, it leaves what was opened, and what is being opened, to the group.
     *
     * @throws PoolClosedException where the group is closed before all are there.
     */
    public suspend fun warmUp(countOfEach: Int): WarmUpReport
}

/** Makes a group for [urls] with the connector that is on the class path, and owns that. As [WebSocketPool], with what it throws. */
public fun PoolGroup(vararg urls: String, configure: GroupConfig.Builder.() -> Unit = {}): PoolGroup =
    PoolGroup(Discovery.fixed(*Array(urls.size) { Endpoint(urls[it]) }), configure)

/** Makes a group for what [discovery] finds, as that changes: what is new is connected to, what is gone is drained. */
public fun PoolGroup(discovery: Discovery, configure: GroupConfig.Builder.() -> Unit = {}): PoolGroup {
    val config = GroupConfig.Builder().apply(configure).build().checkedFor(discovery)
    return RealPoolGroup(GroupRoom(config, Connectors.create(config.common.transport), ownsConnector = true, isKeyed = false), discovery)
}

/** As the other, on a [connector] of the caller's, which stays the caller's to close. */
public fun PoolGroup(connector: Connector, discovery: Discovery, configure: GroupConfig.Builder.() -> Unit = {}): PoolGroup {
    val config = GroupConfig.Builder().apply(configure).build().checkedFor(discovery)
    config.common.transport.requireOnly(why = "it is the connector's, which is there already")
    return RealPoolGroup(GroupRoom(config, connector, ownsConnector = false, isKeyed = false), discovery)
}

/** What is wrong with the settings of an endpoint that is known is told before anything is made. */
private fun GroupConfig.checkedFor(discovery: Discovery) = also { if (discovery is FixedDiscovery) discovery.all.forEach(it::of) }

/** Borrows a connection, runs [block] with it, and gives it back; as [WebSocketPool.withConnection]. */
@OptIn(ExperimentalContracts::class)
public suspend inline fun <T> PoolGroup.withConnection(block: Lease.() -> T): T {
    contract { callsInPlace(block, InvocationKind.EXACTLY_ONCE) }
    return borrow().useAndRelease(block)
}

/** As [withConnection], waiting for a connection for [timeout] at most. It bounds the wait, never the block. */
@OptIn(ExperimentalContracts::class)
public suspend inline fun <T> PoolGroup.withConnection(timeout: Duration, block: Lease.() -> T): T {
    contract { callsInPlace(block, InvocationKind.EXACTLY_ONCE) }
    return borrow(timeout).useAndRelease(block)
}

/** As [withConnection], for a connection that the [request] describes. */
@OptIn(ExperimentalContracts::class)
public suspend inline fun <T> PoolGroup.withConnection(request: BorrowRequest, block: Lease.() -> T): T {
    contract { callsInPlace(block, InvocationKind.EXACTLY_ONCE) }
    return borrow(request).useAndRelease(block)
}

/** As [withConnection], for who is known by [affinity]: see [Balancer.ConsistentHash]. */
@OptIn(ExperimentalContracts::class)
public suspend inline fun <T> PoolGroup.withConnection(affinity: AffinityKey, timeout: Duration? = null, block: Lease.() -> T): T {
    contract { callsInPlace(block, InvocationKind.EXACTLY_ONCE) }
    return borrow(BorrowRequest(timeout, affinity = affinity)).useAndRelease(block)
}
