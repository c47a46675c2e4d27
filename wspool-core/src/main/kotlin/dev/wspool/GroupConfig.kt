package dev.wspool

import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** The settings of a group, checked and unchangeable. Made by [Builder], where each is described. */
public class GroupConfig private constructor(builder: Builder) {
    /** See [Builder.name]. */
    public val name: String = builder.name

    /** See [Builder.maxConnections]. */
    public val maxConnections: Int = builder.maxConnections

    /** See [Builder.maxWaiting]. */
    public val maxWaiting: Int = builder.maxWaiting

    /** See [Builder.borrowTimeout]. */
    public val borrowTimeout: Duration = builder.borrowTimeout

    /** See [Builder.maxConcurrentConnects]. */
    public val maxConcurrentConnects: Int = builder.maxConcurrentConnects

    /** See [Builder.maxConnectsPerSecond]. */
    public val maxConnectsPerSecond: Double = builder.maxConnectsPerSecond

    /** See [Builder.balancer]. */
    public val balancer: Balancer = builder.balancer

    /** See [Builder.ejection]. */
    public val ejection: Ejection? = builder.ejection

    /** See [Builder.connectPatience]. */
    public val connectPatience: Duration = builder.connectPatience

    /** See [Builder.removalTimeout]. */
    public val removalTimeout: Duration = builder.removalTimeout

    /** See [Builder.maxPools]. */
    public val maxPools: Int = builder.maxPools

    /** See [Builder.maxEmptyTime]. */
    public val maxEmptyTime: Duration = builder.maxEmptyTime

    private val settings: Builder = builder
    private val pools: PoolConfig.Builder = builder.pools
    private val each: (PoolConfig.Builder.(Endpoint) -> Unit)? = builder.each

    /** What all pools have in common. */
    internal val common: PoolConfig = configure(pools.copy())

    /** The settings of the pool for [endpoint]. */
    internal fun of(endpoint: Endpoint): PoolConfig {
        val each = each ?: return common
        val config = configure(pools.copy().apply { each(endpoint) })
        try {
            config.requireSameFixed(common)
        } catch (fixed: IllegalArgumentException) {
            throw IllegalArgumentException("each cannot set what all pools of a group share; set it in pools: ${fixed.message}")
        }
        return config
    }

    /** With a [change], which leaves alone what a group that runs cannot change. */
    internal fun changed(change: Builder.() -> Unit): GroupConfig {
        val changed = settings.copy().apply(change).build()
        require(changed.name == name) { "name cannot be changed while the group runs" }
        require(changed.ejection == ejection) { "ejection cannot be changed while the group runs" }
        changed.common.requireSameFixed(common)
        return changed
    }

    private fun configure(builder: PoolConfig.Builder): PoolConfig {
        require(builder.adaptiveCapacity == null) { "adaptiveCapacity cannot be set here: a group shares its maxConnections out" }
        val unset = PoolConfig.Builder()
        require(builder.borrowTimeout == unset.borrowTimeout) { "borrowTimeout cannot be set in pools: callers wait in the group" }
        require(builder.maxWaiting == unset.maxWaiting) { "maxWaiting cannot be set in pools: callers wait in the group" }
        return builder.build()
    }

    init {
        require(name.isNotBlank()) { "name must not be blank" }
        require(maxConnections >= 1) { "maxConnections must be at least 1, not $maxConnections" }
        require(maxWaiting >= 0) { "maxWaiting must not be negative: $maxWaiting" }
        require(!borrowTimeout.isNegative()) { "borrowTimeout must not be negative: $borrowTimeout" }
        require(maxConcurrentConnects >= 1) { "maxConcurrentConnects must be at least 1, not $maxConcurrentConnects" }
        require(maxConnectsPerSecond > 0) { "maxConnectsPerSecond must be positive, not $maxConnectsPerSecond" }
        require(connectPatience.isPositive()) { "connectPatience must be positive, not $connectPatience" }
        require(!removalTimeout.isNegative()) { "removalTimeout must not be negative: $removalTimeout" }
        require(maxPools >= 1) { "maxPools must be at least 1, not $maxPools" }
        require(maxEmptyTime.isPositive()) { "maxEmptyTime must be positive, not $maxEmptyTime" }
    }

    /** The settings of a group as they are made. */
    @WebSocketPoolDsl
    public class Builder {
        /** What errors and logs call the group. Default: `group`. */
        public var name: String = "group"

        /** How many connections may exist at once, to all endpoints together. Default: 100. */
        public var maxConnections: Int = 100

        /** How many callers may wait at once; one more gets a [TooManyWaitersException]. Default: no limit. */
        public var maxWaiting: Int = Int.MAX_VALUE

        /** How long a borrow waits for a connection before it fails with a [BorrowTimeoutException]. Default: 5 s. */
        public var borrowTimeout: Duration = 5.seconds

        /** How many connections may be being opened at once, to all endpoints together. Default: 8. */
        public var maxConcurrentConnects: Int = 8

        /** How many dials may be made in a second, to all endpoints together: a change of the fleet is no storm. Default: 100. */
        public var maxConnectsPerSecond: Double = 100.0

        /** Which endpoint serves whom, where callers name none. Default: the least leased. */
        public var balancer: Balancer = Balancer.LeastLeased

        /** When an endpoint that fails is taken out of service; null for never. Default: after 5 failures within 30 s. */
        public var ejection: Ejection? = Ejection()

        /** A caller waits for a dial alone no longer than this; then another endpoint is dialled for him too. Default: 1 s. */
        public var connectPatience: Duration = 1.seconds

        /** How long the leases of an endpoint that was removed may go on. Default: 30 s. */
        public var removalTimeout: Duration = 30.seconds

        /** How many pools a [KeyedPoolGroup] may hold; for one more the one goes that was used longest ago. Default: 1,000. */
        public var maxPools: Int = 1_000

        /** How long a pool of a [KeyedPoolGroup] may hold no connection before it goes. Default: 1 min. */
        public var maxEmptyTime: Duration = 1.minutes

        internal var pools = PoolConfig.Builder()
            private set
        internal var each: (PoolConfig.Builder.(Endpoint) -> Unit)? = null

        /** What all pools have in common: each endpoint has one. `maxConnections` there bounds one endpoint, as `minIdle` does. */
        public fun pools(configure: PoolConfig.Builder.() -> Unit) {
            pools.configure()
        }

        /** What one pool has on top of [pools]: asked for each endpoint, again where settings change. It cannot set how to connect. */
        public fun each(configure: PoolConfig.Builder.(Endpoint) -> Unit) {
            each = configure
        }

        /** @throws IllegalArgumentException naming the setting and its value, where one makes no sense. */
        public fun build(): GroupConfig = GroupConfig(copy())

        internal fun copy(): Builder = Builder().also {
            it.name = name
            it.maxConnections = maxConnections
            it.maxWaiting = maxWaiting
            it.borrowTimeout = borrowTimeout
            it.maxConcurrentConnects = maxConcurrentConnects
            it.maxConnectsPerSecond = maxConnectsPerSecond
            it.balancer = balancer
            it.ejection = ejection
            it.connectPatience = connectPatience
            it.removalTimeout = removalTimeout
            it.maxPools = maxPools
            it.maxEmptyTime = maxEmptyTime
            it.pools = pools.copy()
            it.each = each
        }
    }
}
