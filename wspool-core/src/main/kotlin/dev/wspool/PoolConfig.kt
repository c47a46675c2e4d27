package dev.wspool

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
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

    /** What a pool can be told. Each setting has a default that is right for most. */
    @WebSocketPoolDsl
    public class Builder {
        /** What errors and logs call the pool. Default: its endpoint's address. */
        public var name: String? = null

        /** How many connections may exist at once: connecting, idle, leased and closing together. Default: 10. */
        public var maxConnections: Int = 10

        /** How many idle connections the pool keeps ready, within [maxConnections]. Default: 0. */
        public var minIdle: Int = 0

        /** How many callers may wait at once; one more gets a [TooManyWaitersException]. Default: no limit. */
        public var maxWaiting: Int = Int.MAX_VALUE

        /** How long a borrow waits for a connection before it fails with a [BorrowTimeoutException]. Default: 5 s. */
        public var borrowTimeout: Duration = 5.seconds

        /** How long opening one connection may take: TCP, TLS and upgrade together. Default: 10 s. */
        public var connectTimeout: Duration = 10.seconds

        /** How long a connection may lie idle before it is closed, as long as [minIdle] remain. Default: 5 min. */
        public var maxIdleTime: Duration = 5.minutes

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
            require(dispatcher !== Dispatchers.Unconfined) { "dispatcher must not be Dispatchers.Unconfined: it has no thread to run on" }
            require(name?.isBlank() != true) { "name must not be blank" }
            return PoolConfig(this)
        }
    }
}
