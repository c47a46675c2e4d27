package dev.wspool

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** Marks the receivers of wspool's builders, so that an inner block cannot set what belongs to an outer one. */
@DslMarker
@Target(AnnotationTarget.CLASS)
public annotation class WebSocketPoolDsl

/** The settings of a pool, checked and unchangeable. Made by [Builder], where each is described. */
public class PoolConfig private constructor(builder: Builder) {
    /** See [Builder.name]. */
    public val name: String? = builder.name

    /** See [Builder.maxConnections]. */
    public val maxConnections: Int = builder.maxConnections

    /** See [Builder.minIdle]. */
    public val minIdle: Int = builder.minIdle

    /** See [Builder.maxIdle]. */
    public val maxIdle: Int = builder.maxIdle ?: builder.maxConnections

    /** See [Builder.maxUses]. */
    public val maxUses: Int = builder.maxUses

    /** See [Builder.maxLifetime]. */
    public val maxLifetime: Duration = builder.maxLifetime

    /** See [Builder.lifetimeJitter]. */
    public val lifetimeJitter: Double = builder.lifetimeJitter

    /** See [Builder.minRemainingLifetime]. */
    public val minRemainingLifetime: Duration = builder.minRemainingLifetime

    /** See [Builder.pingInterval]. */
    public val pingInterval: Duration = builder.pingInterval

    /** See [Builder.pongTimeout]. */
    public val pongTimeout: Duration = builder.pongTimeout

    /** See [Builder.validateAfterIdle]. */
    public val validateAfterIdle: Duration = builder.validateAfterIdle

    /** See [Builder.validateTimeout]. */
    public val validateTimeout: Duration = builder.validateTimeout

    /** See [Builder.maxConcurrentConnects]. */
    public val maxConcurrentConnects: Int = builder.maxConcurrentConnects

    /** See [Builder.maxConnectsPerSecond]. */
    public val maxConnectsPerSecond: Double = builder.maxConnectsPerSecond

    /** See [Builder.backoff]. */
    public val backoff: Backoff = builder.backoff

    /** See [Builder.maxWaiting]. */
    public val maxWaiting: Int = builder.maxWaiting

    /** See [Builder.borrowTimeout]. */
    public val borrowTimeout: Duration = builder.borrowTimeout

    /** See [Builder.connectTimeout]. */
    public val connectTimeout: Duration = builder.connectTimeout

    /** See [Builder.maxIdleTime]. */
    public val maxIdleTime: Duration = builder.maxIdleTime

    /** See [Builder.parent]. */
    public val parent: CoroutineScope? = builder.parent

    /** See [Builder.dispatcher]. */
    public val dispatcher: CoroutineDispatcher? = builder.dispatcher

    /** See [Builder.timeSource]. */
    public val timeSource: TimeSource = builder.timeSource

    /** See [Builder.random]. */
    public val random: Random = builder.random

    /** What a pool can be told. Each setting has a default that is right for most. */
    @WebSocketPoolDsl
    public class Builder {
        /** What errors and logs call the pool. Default: its endpoint's address. */
        public var name: String? = null

        /** How many connections may exist at once: connecting, idle, leased and closing together. Default: 10. */
        public var maxConnections: Int = 10

        /** How many idle connections the pool keeps ready, within [maxConnections]. Default: 0. */
        public var minIdle: Int = 0

        /** How many connections may lie idle; of those beyond it the longest idle is closed. Default: [maxConnections]. */
        public var maxIdle: Int? = null

        /** How many callers may wait at once; one more gets a [TooManyWaitersException]. Default: no limit. */
        public var maxWaiting: Int = Int.MAX_VALUE

        /** How long a borrow waits for a connection before it fails with a [BorrowTimeoutException]. Default: 5 s. */
        public var borrowTimeout: Duration = 5.seconds

        /** How long opening one connection may take: TCP, TLS and upgrade together. Default: 10 s. */
        public var connectTimeout: Duration = 10.seconds

        /** How long a connection may lie idle before it is closed, as long as [minIdle] remain. Default: 5 min. */
        public var maxIdleTime: Duration = 5.minutes

        /** How long a connection lives at most; its successor is opened first where there is room. Default: 30 min. */
        public var maxLifetime: Duration = 30.minutes

        /** Which part of [maxLifetime] chance may take off, so that lives do not end together: 0 to 1. Default: 0.1. */
        public var lifetimeJitter: Double = 0.1

        /** How much of its life a connection must have left to be lent. Default: none. */
        public var minRemainingLifetime: Duration = Duration.ZERO

        /** How often a connection is lent before it is closed. Default: no limit. */
        public var maxUses: Int = Int.MAX_VALUE

        /** A connection that has been silent for so long is pinged, idle or leased; infinite for never. Default: 20 s. */
        public var pingInterval: Duration = 20.seconds

        /** How long a pinged connection may stay silent before it counts as dead and is aborted. Default: 5 s. */
        public var pongTimeout: Duration = 5.seconds

        /** A connection that has been idle and silent for so long is pinged before it is lent. Default: infinite, never. */
        public var validateAfterIdle: Duration = Duration.INFINITE

        /** How long the pong of [validateAfterIdle] may take, within the caller's own timeout. Default: 1 s. */
        public var validateTimeout: Duration = 1.seconds

        /** How many connections may be being opened at once. Default: 4. */
        public var maxConcurrentConnects: Int = 4

        /** How many dials may be made in a second, on the average; a second's worth may be made at once. Default: 50. */
        public var maxConnectsPerSecond: Double = 50.0

        /** How long to wait after failed dials. Default: up to 0.5 s, doubling to 30 s. */
        public var backoff: Backoff = Backoff()

        /** Whose cancellation closes the pool. Its job becomes the parent of the pool's job. Default: none. */
        public var parent: CoroutineScope? = null

        /**
         * Where the pool runs its own coroutines and its connector's, and resumes callers who have no dispatcher of their
         * own; `Unconfined` is refused. It must not be confined to a thread that anybody blocks. Default: for what the pool
         * itself does a view of `Dispatchers.IO` with one thread at a time, which nobody can starve; `Dispatchers.IO` for
         * the rest.
         */
        public var dispatcher: CoroutineDispatcher? = null

        /** What the pool measures time with. For tests with virtual time; delays follow [dispatcher]. Default: monotonic. */
        public var timeSource: TimeSource = TimeSource.Monotonic

        /** Where chance comes from, for the jitter of delays, pings and lifetimes. For tests. Default: [Random.Default]. */
        public var random: Random = Random.Default

        /**
         * Checks the settings.
         *
         * @throws IllegalArgumentException naming the setting and its value, where one makes no sense.
         */
        public fun build(): PoolConfig {
            require(maxConnections >= 1) { "maxConnections must be at least 1, not $maxConnections" }
            require(minIdle >= 0) { "minIdle must not be negative: $minIdle" }
            require(minIdle <= maxConnections) { "minIdle ($minIdle) must not exceed maxConnections ($maxConnections)" }
            require(maxWaiting >= 0) { "maxWaiting must not be negative: $maxWaiting" }
            require(!borrowTimeout.isNegative()) { "borrowTimeout must not be negative: $borrowTimeout" }
            require(connectTimeout.isPositive()) { "connectTimeout must be positive, not $connectTimeout" }
            require(maxIdleTime.isPositive()) { "maxIdleTime must be positive, not $maxIdleTime" }
            requireLifetimes()
            requireHealth()
            requireDials()
            require(dispatcher !== Dispatchers.Unconfined) { "dispatcher must not be Dispatchers.Unconfined: it has no thread to run on" }
            require(name?.isBlank() != true) { "name must not be blank" }
            return PoolConfig(this)
        }

        private fun requireLifetimes() {
            maxIdle?.let {
                require(it >= minIdle) { "maxIdle ($it) must not be below minIdle ($minIdle)" }
            }
            require(maxUses >= 1) { "maxUses must be at least 1, not $maxUses" }
            require(maxLifetime.isPositive()) { "maxLifetime must be positive, not $maxLifetime" }
            require(lifetimeJitter in 0.0..1.0) { "lifetimeJitter must be from 0 to 1, not $lifetimeJitter" }
            require(!minRemainingLifetime.isNegative()) { "minRemainingLifetime must not be negative: $minRemainingLifetime" }
            val shortestLife = maxLifetime * (1 - lifetimeJitter)
            require(minRemainingLifetime == Duration.ZERO || minRemainingLifetime < shortestLife) {
                "minRemainingLifetime ($minRemainingLifetime) must be below the shortest life, $shortestLife (maxLifetime, lifetimeJitter)"
            }
        }

        private fun requireHealth() {
            require(pingInterval.isPositive()) { "pingInterval must be positive, not $pingInterval" }
            require(pongTimeout.isPositive()) { "pongTimeout must be positive, not $pongTimeout" }
            require(!validateAfterIdle.isNegative()) { "validateAfterIdle must not be negative: $validateAfterIdle" }
            require(validateTimeout.isPositive()) { "validateTimeout must be positive, not $validateTimeout" }
        }

        private fun requireDials() {
            require(maxConcurrentConnects >= 1) { "maxConcurrentConnects must be at least 1, not $maxConcurrentConnects" }
            require(maxConnectsPerSecond > 0) { "maxConnectsPerSecond must be positive, not $maxConnectsPerSecond" }
        }
    }
}
