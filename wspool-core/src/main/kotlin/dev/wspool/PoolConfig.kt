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
    internal val settings: Builder = builder
    internal val hooks: Hooks = builder.hooks

    /** See [Builder.name]. */
    public val name: String? = builder.name

    /** See [Builder.minIdle]. */
    public val minIdle: Int = builder.minIdle

    /** See [Builder.adaptiveCapacity]. */
    public val adaptiveCapacity: AdaptiveCapacity? = builder.adaptiveCapacity

    /** See [Builder.maxConnections]; where only a greater [minIdle] was given, that; with [adaptiveCapacity], its `maxCapacity`. */
    public val maxConnections: Int = when {
        adaptiveCapacity != null -> adaptiveCapacity.maxCapacity
        builder.isGiven("maxConnections") -> builder.maxConnections
        else -> maxOf(builder.maxConnections, minIdle)
    }

    /** See [Builder.maxIdle]. */
    public val maxIdle: Int = builder.maxIdle ?: maxConnections

    /** See [Builder.maxWaiting]. */
    public val maxWaiting: Int = builder.maxWaiting

    /** See [Builder.borrowTimeout]. */
    public val borrowTimeout: Duration = builder.borrowTimeout

    /** See [Builder.connectTimeout]. */
    public val connectTimeout: Duration = builder.connectTimeout

    /** See [Builder.leasesPerConnection]. */
    public val leasesPerConnection: Int = builder.leasesPerConnection

    /** See [Builder.correlator]. */
    public val correlator: Correlator? = builder.correlator

    /** See [Builder.maxConcurrentConnects]. */
    public val maxConcurrentConnects: Int = builder.maxConcurrentConnects

    /** See [Builder.maxConnectsPerSecond]. */
    public val maxConnectsPerSecond: Double = builder.maxConnectsPerSecond

    /** See [Builder.backoff]. */
    public val backoff: Backoff = builder.backoff

    /** See [Builder.maxIdleTime]. */
    public val maxIdleTime: Duration = builder.maxIdleTime

    /** See [Builder.lifetimeJitter]. */
    public val lifetimeJitter: Double = builder.lifetimeJitter

    /** See [Builder.minRemainingLifetime]. */
    public val minRemainingLifetime: Duration = builder.minRemainingLifetime

    /** See [Builder.maxLifetime]; where only a great [minRemainingLifetime] was given, twice that. */
    public val maxLifetime: Duration =
        if (builder.isGiven("maxLifetime")) builder.maxLifetime else maxOf(builder.maxLifetime, minRemainingLifetime * 2)

    /** See [Builder.maxUses]. */
    public val maxUses: Int = builder.maxUses

    /** See [Builder.pingInterval]. */
    public val pingInterval: Duration = builder.pingInterval

    /** See [Builder.pongTimeout]. */
    public val pongTimeout: Duration = builder.pongTimeout

    /** See [Builder.validateAfterIdle]. */
    public val validateAfterIdle: Duration = builder.validateAfterIdle

    /** See [Builder.validateTimeout]. */
    public val validateTimeout: Duration = builder.validateTimeout

    /** See [Builder.sendTimeout]. */
    public val sendTimeout: Duration = builder.sendTimeout

    /** See [Builder.closeTimeout]. */
    public val closeTimeout: Duration = builder.closeTimeout

    /** See [Builder.abortTimeout]. */
    public val abortTimeout: Duration = builder.abortTimeout

    /** See [Builder.receiveBuffer]. */
    public val receiveBuffer: Int = builder.receiveBuffer

    /** See [Builder.fullReceiveBuffer]. */
    public val fullReceiveBuffer: FullReceiveBuffer = builder.fullReceiveBuffer

    /** See [Builder.unreadMessages]. */
    public val unreadMessages: UnreadMessages = builder.unreadMessages

    /** See [Builder.unsolicitedMessages]. */
    public val unsolicitedMessages: UnsolicitedMessages = builder.unsolicitedMessages

    /** See [Builder.diagnostics]. */
    public val diagnostics: Diagnostics = builder.diagnostics

    /** See [Builder.network]. */
    public val network: NetworkSignal? = builder.network

    /** See [Builder.parent]. */
    public val parent: CoroutineScope? = builder.parent

    /** See [Builder.dispatcher]. */
    public val dispatcher: CoroutineDispatcher? = builder.dispatcher

    /** See [Builder.timeSource]. */
    public val timeSource: TimeSource = builder.timeSource

    /** See [Builder.random]. */
    public val random: Random = builder.random

    /** What the pool's own connector is told. */
    public val transport: TransportConfig = TransportConfig.from(builder)

    init {
        checkSettings(builder)
    }

    /** What a pool can be told. Each setting has a default that is right for most, and adapts to those that were given. */
    @WebSocketPoolDsl
    public class Builder : HookSettings() {
        /** What errors and logs call the pool. Default: its endpoint's address. */
        public var name: String? by setting(null)

        /** How many connections may exist at once: connecting, idle, leased and closing together. Default: 10. */
        public var maxConnections: Int by setting(10)

        /** How many idle connections the pool keeps ready, within [maxConnections]. Default: 0. */
        public var minIdle: Int by setting(0)

        /** Lets the pool find out how many connections it needs; then [maxConnections] is not to be set. Default: none. */
        public var adaptiveCapacity: AdaptiveCapacity? by setting(null)

        /** How many connections may lie idle; of those beyond it the longest idle is closed. Default: [maxConnections]. */
        public var maxIdle: Int? by setting(null)

        /** How many callers may wait at once; one more gets a [TooManyWaitersException]. Default: no limit. */
        public var maxWaiting: Int by setting(Int.MAX_VALUE)

        /** How long a borrow waits for a connection before it fails with a [BorrowTimeoutException]. Default: 5 s. */
        public var borrowTimeout: Duration by setting(5.seconds)

        /** How long opening one connection may take: TCP, TLS, upgrade and [onConnect] together. Default: 10 s. */
        public var connectTimeout: Duration by setting(10.seconds)

        /** How many callers may share a connection; more than one takes a [correlator]. Default: 1. */
        public var leasesPerConnection: Int by setting(1)

        /**
         * Tells whose a reply is, so that connections can be shared, and a request that was given up spoils none. A lease then gets
         * the replies to its own requests and nothing else. Default: none.
         */
        public var correlator: Correlator? by setting(null)

        /** How many connections may be being opened at once. Default: 4. */
        public var maxConcurrentConnects: Int by setting(4)

        /** How many dials may be made in a second, on the average; a second's worth may be made at once. Default: 50. */
        public var maxConnectsPerSecond: Double by setting(50.0)

        /** How long to wait after failed dials. Default: up to 0.5 s, doubling to 30 s. */
        public var backoff: Backoff by setting(Backoff())

        /** How long a connection may lie idle before it is closed, as long as [minIdle] remain. Default: 5 min. */
        public var maxIdleTime: Duration by setting(5.minutes)

        /** How long a connection lives at most; its successor is opened first where there is room. Default: 30 min. */
        public var maxLifetime: Duration by setting(30.minutes)

        /** Which part of [maxLifetime] chance may take off, so that lives do not end together: 0 to 1. Default: 0.1. */
        public var lifetimeJitter: Double by setting(0.1)

        /** How much of its life a connection must have left to be lent. Default: none. */
        public var minRemainingLifetime: Duration by setting(Duration.ZERO)

        /** How often a connection is lent before it is closed. Default: no limit. */
        public var maxUses: Int by setting(Int.MAX_VALUE)

        /** A connection that has been silent for so long is pinged, idle or leased; infinite for never. Default: 20 s. */
        public var pingInterval: Duration by setting(20.seconds)

        /** How long a pinged connection may stay silent before it counts as dead and is aborted. Default: 5 s. */
        public var pongTimeout: Duration by setting(5.seconds)

        /** A connection that has been idle and silent for so long is pinged before it is lent. Default: infinite, never. */
        public var validateAfterIdle: Duration by setting(Duration.INFINITE)

        /** How long the pong of [validateAfterIdle] may take, within the caller's own timeout. Default: 1 s. */
        public var validateTimeout: Duration by setting(1.seconds)

        /** How long sending one message may take; then the send fails and the connection is lost. Default: no limit. */
        public var sendTimeout: Duration by setting(Duration.INFINITE)

        /** How long a peer may take to answer a Close before the connection is aborted. Default: 2 s. */
        public var closeTimeout: Duration by setting(2.seconds)

        /**
         * How long an engine may take to tell that the socket of an aborted connection is closed; then the connection counts as
         * destroyed, abandoned, and its place is free. Default: 5 s.
         */
        public var abortTimeout: Duration by setting(5.seconds)

        /** How many messages may lie unread on a connection, beside those that the engine has in hand. Default: 64. */
        public var receiveBuffer: Int by setting(64)

        /** What happens where [receiveBuffer] is full. Default: reading stops, and TCP holds the peer back. */
        public var fullReceiveBuffer: FullReceiveBuffer by setting(FullReceiveBuffer.StopReading)

        /** What becomes of a connection that is given back with messages unread. Default: it is closed. */
        public var unreadMessages: UnreadMessages by setting(UnreadMessages.CloseConnection)

        /** What becomes of a connection to which a message comes while nobody holds it. Default: it is closed. */
        public var unsolicitedMessages: UnsolicitedMessages by setting(UnsolicitedMessages.CloseConnection)

        /** What the pool watches of its borrowers: times, sites, leaks. Default: nothing. */
        public var diagnostics: Diagnostics by setting(Diagnostics())

        /** Tells the pool when there is a network and which, and when the app is in the background. Default: none; all is well. */
        public var network: NetworkSignal? by setting(null)

        /** Whose cancellation closes the pool. Its job becomes the parent of the pool's job. Default: none. */
        public var parent: CoroutineScope? by setting(null)

        /**
         * Where the pool runs its own coroutines and its connector's, and resumes callers who have no dispatcher of their
         * own; `Unconfined` is refused. It must not be confined to a thread that anybody blocks. Default: for what pools do
         * themselves one thread, which all of them share and nobody can starve; for the rest up to 64 threads. Both come when
         * there is something to do, and go after ten idle seconds. Not `Dispatchers.IO`: a worker of its that a pool keeps is
         * woken, in vain, by each dispatch of `Dispatchers.Default`.
         */
        public var dispatcher: CoroutineDispatcher? by setting(null)

        /** What the pool measures time with. For tests with virtual time; delays follow [dispatcher]. Default: monotonic. */
        public var timeSource: TimeSource by setting(TimeSource.Monotonic)

        /** Where chance comes from, for the jitter of delays, pings and lifetimes. For tests. Default: [Random.Default]. */
        public var random: Random by setting(Random.Default)

        /** Milliseconds since the epoch. */
        internal var wallClock: () -> Long by setting(System::currentTimeMillis)

        /**
         * Checks the settings.
         *
         * @throws IllegalArgumentException naming the setting and its value, where one makes no sense.
         */
        public fun build(): PoolConfig = PoolConfig(copy())

        internal fun copy(): Builder = Builder().also {
            it.copyTransport(this)
            it.hooks = hooks
        }
    }
}
