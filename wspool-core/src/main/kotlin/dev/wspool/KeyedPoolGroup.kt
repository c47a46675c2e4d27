package dev.wspool

import dev.wspool.internal.Connectors
import dev.wspool.internal.group.GroupRoom
import dev.wspool.internal.group.RealKeyedPoolGroup
import dev.wspool.transport.Connector
import kotlin.contracts.ExperimentalContracts
import kotlin.contracts.InvocationKind
import kotlin.contracts.contract
import kotlin.time.Duration

/**
 * Lends WebSocket connections by key, a tenant's or a user's, say: each key has an endpoint and a pool of its own, which is made when
 * it is first asked for, and goes when it has held no connection for [GroupConfig.maxEmptyTime].
 *
 * All pools together hold [GroupConfig.maxConnections] at most: where a key needs one more, an idle one is closed of the key that was
 * used longest ago.
 */
public interface KeyedPoolGroup<K : Any> : AnyPoolGroup {
    /**
     * Borrows a connection of [key], as [PoolGroup.borrow] with what it throws.
     *
     * @throws TooManyWaitersException also where [GroupConfig.maxPools] keys are in use.
     */
    public suspend fun borrow(key: K, request: BorrowRequest = BorrowRequest()): Lease

    /** Borrows an idle connection of [key], or returns null where there is none. Never suspends, and never causes a dial. */
    public fun tryBorrow(key: K): Lease?

    /** The keys that have a pool now. */
    public val keys: Set<K>
}

/** Makes a group in which each key has the endpoint that [endpointOf] gives it, with the connector that is on the class path. */
public fun <K : Any> KeyedPoolGroup(endpointOf: (K) -> Endpoint, configure: GroupConfig.Builder.() -> Unit = {}): KeyedPoolGroup<K> {
    val config = GroupConfig.Builder().apply(configure).build()
    val connector = Connectors.create(config.common.transport)
    return RealKeyedPoolGroup(GroupRoom(config, connector, ownsConnector = true, isKeyed = true), endpointOf)
}

/** As the other, on a [connector] of the caller's, which stays the caller's to close. */
public fun <K : Any> KeyedPoolGroup(
    connector: Connector,
    endpointOf: (K) -> Endpoint,
    configure: GroupConfig.Builder.() -> Unit = {},
): KeyedPoolGroup<K> {
    val config = GroupConfig.Builder().apply(configure).build()
    config.common.transport.requireOnly(why = "it is the connector's, which is there already")
    return RealKeyedPoolGroup(GroupRoom(config, connector, ownsConnector = false, isKeyed = true), endpointOf)
}

/** Borrows a connection of [key], runs [block] with it, and gives it back; as [WebSocketPool.withConnection]. */
@OptIn(ExperimentalContracts::class)
public suspend inline fun <K : Any, T> KeyedPoolGroup<K>.withConnection(key: K, timeout: Duration? = null, block: Lease.() -> T): T {
    contract { callsInPlace(block, InvocationKind.EXACTLY_ONCE) }
    return borrow(key, BorrowRequest(timeout)).useAndRelease(block)
}
