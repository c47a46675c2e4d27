package dev.wspool.internal

import dev.wspool.BorrowRequest
import dev.wspool.Endpoint
import dev.wspool.FlowSignal
import dev.wspool.Lease
import dev.wspool.PoolClosedException
import dev.wspool.PoolConfig
import dev.wspool.PoolEvent
import dev.wspool.PoolHealth
import dev.wspool.PoolReport
import dev.wspool.PoolStats
import dev.wspool.WarmUpReport
import dev.wspool.WebSocketPool
import dev.wspool.internal.accept.Entrance
import dev.wspool.internal.diagnostics.Gauges
import dev.wspool.internal.diagnostics.Watch
import dev.wspool.internal.diagnostics.judgeHealth
import dev.wspool.internal.diagnostics.makeReport
import dev.wspool.internal.diagnostics.snapshot
import dev.wspool.internal.machine.Demand
import dev.wspool.internal.machine.Ending
import dev.wspool.internal.machine.NEVER
import dev.wspool.internal.machine.PauseCause
import dev.wspool.internal.machine.Phase
import dev.wspool.internal.machine.PoolMachine
import dev.wspool.internal.machine.Slot
import dev.wspool.internal.machine.close
import dev.wspool.internal.machine.drain
import dev.wspool.internal.machine.evictIdle
import dev.wspool.internal.machine.pause
import dev.wspool.internal.machine.plusSpan
import dev.wspool.internal.machine.reconfigure
import dev.wspool.internal.machine.resume
import dev.wspool.internal.machine.retireAll
import dev.wspool.internal.machine.suspectAll
import dev.wspool.requireSameFixed
import dev.wspool.shortestLifetime
import dev.wspool.transport.Connector
import dev.wspool.transport.redacted
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.SharedFlow
import kotlinx.coroutines.plus
import org.slf4j.event.Level
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/**
 * The actor: the machine that decides, the mailbox that makes its turns follow one another, and the coroutines that act,
 * all under one job.
 */
internal open class RealPool(
    override val endpoint: Endpoint,
    @Volatile override var config: PoolConfig,
    val connector: Connector,
    private val ownsConnector: Boolean,
    val seat: Seat? = null,
) : WebSocketPool,
    Ticking,
    Readying {
    override val name: String = config.name ?: endpoint.address

    private val clock = seat?.clock?.copy() ?: Clock(config.timeSource, config.settings.wallClock)
    private val dispatcher: CoroutineDispatcher = config.dispatcher ?: PoolThreads.own
    private val parentContext = config.parent?.coroutineContext ?: EmptyCoroutineContext
    private val job = SupervisorJob(parentContext[Job])

    /** The pool's own coroutines. */
    override val scope = CoroutineScope(parentContext + job + dispatcher + CoroutineName(name))

    /** Where foreign code runs: engines, and callers who have no dispatcher of their own. They may block a thread. */
    val outside: CoroutineDispatcher = config.dispatcher ?: PoolThreads.foreign

    /** The pool's coroutines that call engines. */
    val foreign = scope + outside

    private val effectQueue = seat?.effects ?: EffectQueue { log.error("{}: an effect failed", name, endpoint.redacted(it)) }
    val effects = MachineEffects(this, effectQueue)
    val shared = config.correlator?.let { SharedTraffic(this, it) }
    val machine = PoolMachine(limitsOf(config), effects, config.random::nextDouble, seat?.member, ::newConnection)
    override val mailbox = seat?.mailbox ?: Mailbox(dispatcher, effectQueue, { end.crash(it) })
    val reaper = Reaper(this)
    val pinger = Pinger(this)
    val gauges = Gauges()
    val readiness = Readiness(this, effects::later)
    val eventLog = EventLog(this, seat?.events ?: EventFlow(effects::later))
    val background = Background(name, foreign, endpoint::redacted) { config.hooks }
    val checkIn = CheckIn(this)
    val unsolicited = Unsolicited(this)
    val goAway = GoAway(this)
    val network = config.network?.let { NetworkWatch(this, it as FlowSignal) }
    val end = PoolEnd(this)
    val admission = Admission(this)
    private val reconfiguring = Any() // a change builds on the one before

    @Volatile
    private var borrowTimeout = config.borrowTimeout.inWholeNanoseconds

    /** What looks at each borrow, where somebody wants that. */
    @Volatile
    var watch: Watch? = Watch.of(this, insteadOf = null)
        private set

    /** True where a borrow is nothing but that: it has no hook, and nobody looks. */
    @Volatile
    private var isPlain = config.hooks.onBorrow == null && watch == null

    /** True where the pool's own connector trusts whoever answers. */
    val isInsecure: Boolean = ownsConnector && config.transport.tls.isInsecure

    init {
        if (isInsecure) log.warn("{}: insecure() trusts any certificate of anybody; never use it in production", name)
        pinger.start()
        network?.start()
        reaper.start()
    }

    /** True where the parent's end, or its failure, has cancelled all that runs here: as good as closed. */
    val isCancelled: Boolean get() = job.isCancelled

    override val isClosed: Boolean get() = machine.phase == Phase.CLOSED

    override val isReadyNow: Boolean get() = machine.isReady

    /** In a turn: it drains, or is closed. */
    private val isEnding: Boolean get() = machine.phase == Phase.DRAINING || isClosed

    override val hasEnded: Boolean get() = end.hasCome

    override fun now(): Long = clock.now()

    /** In a turn: the time. Where the machine has slept, nothing is lent unproved from now on. */
    fun awake(): Long {
        val now = now()
        val by = clock.jump(now) ?: return now
        eventLog.add(Level.INFO) { PoolEvent.TimeJumped(it, by) }
        machine.suspectAll(now)
        return now
    }

    // ---- borrow and return ---------------------------------------------------------------------------------------------

    override suspend fun borrow(): Lease {
        if (!isPlain) return borrow(BorrowRequest())
        val taken = borrow(currentCoroutineContext(), borrowTimeout)
        return if (taken is Borrower) taken.await() else taken as Lease
    }

    override suspend fun borrow(timeout: Duration): Lease {
        require(!timeout.isNegative()) { "timeout must not be negative: $timeout" }
        if (!isPlain) return borrow(BorrowRequest(timeout))
        val taken = borrow(currentCoroutineContext(), timeout.inWholeNanoseconds)
        return if (taken is Borrower) taken.await() else taken as Lease
    }

    override suspend fun borrow(request: BorrowRequest): Lease = borrow(request, freshFrom = NEVER)

    suspend fun borrow(request: BorrowRequest, freshFrom: Long): Lease {
        require(request.minRemainingLifetime <= config.shortestLifetime) {
            "minRemainingLifetime (${request.minRemainingLifetime}) is above the shortest life, ${config.shortestLifetime} " +
                "(maxLifetime, lifetimeJitter)"
        }
        val timeout = request.timeout?.inWholeNanoseconds ?: borrowTimeout
        val demand = request.toDemand(freshFrom)
        val watch = watch ?: return borrow(currentCoroutineContext(), timeout, demand)
        val context = watch.begin(currentCoroutineContext())
        return watch.lent(borrow(context, timeout, demand), context)
    }

    private suspend fun borrow(context: CoroutineContext, timeout: Long, demand: Demand?): Lease {
        if (config.hooks.onBorrow != null) return admission.borrow(context, timeout, demand)
        val taken = if (demand == null) borrow(context, timeout) else PoolBorrower(this, context, timeout, Wish(demand)).also(mailbox::post)
        return if (taken is Borrower) taken.await() else taken as Lease
    }

    override fun tryBorrow(): Lease? {
        if (config.hooks.onBorrow != null) throw UnsupportedOperationException("tryBorrow cannot wait for onBorrow; use borrow")
        val watch = watch
        val context = watch?.begin(EmptyCoroutineContext) ?: EmptyCoroutineContext
        val lease = if (mailbox.tryEnter()) inTurn { lendNow(context) }.also { mailbox.leave() } else mailbox.ask { lendNow(context) }
        return if (watch == null) lease else watch.lent(lease, context)
    }

    private fun lendNow(context: CoroutineContext): Lease? = machine.lendNow(awake()).toLease(context)

    /** A lease, where one is to be had at once, or the [Borrower] who waits. */
    private fun borrow(context: CoroutineContext, timeout: Long): Any {
        if (mailbox.tryEnter()) {
            val lease = inTurn { machine.lend().toLease(context) }
            if (lease != null) {
                mailbox.leave()
                return lease
            }
            val borrower = PoolBorrower(this, context, timeout)
            inTurn(borrower::take)
            mailbox.leave()
            return borrower
        }
        return PoolBorrower(this, context, timeout).also(mailbox::post)
    }

    private fun limitsOf(config: PoolConfig) = config.toLimits(dials = connector !== Entrance)

    private fun newConnection(number: Long): Slot = shared?.newConnection(number) ?: PooledConnection(this, number)

    private fun Slot?.toLease(context: CoroutineContext): RealLease? = (this as PooledConnection?)?.lendTo(context)

    fun giveBack(lease: RealLease) {
        if (mailbox.tryEnter()) {
            inTurn(lease::take)
            mailbox.leave()
        } else {
            mailbox.post(lease)
        }
    }

    private inline fun <T> inTurn(turn: () -> T): T? = try {
        turn()
    } catch (failure: Throwable) {
        end.crash(failure)
        null
    }

    // ---- time, for the reaper ------------------------------------------------------------------------------------------

    override fun nextTick(now: Long): Long = mailbox.ask { machine.nextTick(now) }

    override fun tick() = mailbox.post { machine.tick(awake()) }

    // ---- questions -----------------------------------------------------------------------------------------------------

    override val events: SharedFlow<PoolEvent> get() = eventLog.flow

    override val stats: PoolStats get() = mailbox.ask(::snapshot)

    override fun report(): PoolReport = mailbox.ask(::makeReport)

    override fun health(): PoolHealth = mailbox.ask(::judgeHealth)

    override fun recordError() = gauges.errors.increment()

    override fun resetErrors() = gauges.errors.reset()

    override fun logStatus() = log.info("{}: {}", name, stats)

    // ---- sizing --------------------------------------------------------------------------------------------------------

    override suspend fun warmUp(count: Int): WarmUpReport {
        require(count in 1..config.maxConnections) { "count must be from 1 to ${config.maxConnections} (maxConnections), not $count" }
        return WarmingUp(count).on(this)
    }

    override val isReady: Boolean get() = mailbox.ask { isReadyNow }

    override suspend fun awaitReady() = readiness.await()

    override val capacity: Int get() = mailbox.ask { machine.capacity }

    override val connectInterval: Duration get() = mailbox.ask { machine.connectInterval }.nanoseconds

    override fun evictIdle() = mailbox.post { machine.evictIdle(now()) }

    override fun reset() = mailbox.post { machine.retireAll(Ending.RESET, dialsToo = false, now()) }

    override fun rotateCredentials() = mailbox.post { machine.retireAll(Ending.ROTATED, dialsToo = true, now()) }

    override fun pause() = mailbox.post {
        if (!machine.lifecycle.isPausedBy(PauseCause.OWNER) && !isEnding) eventLog.add(Level.INFO) { PoolEvent.Paused(it) }
        machine.pause()
    }

    override fun resume() = mailbox.post {
        if (machine.lifecycle.isPausedBy(PauseCause.OWNER)) eventLog.add(Level.INFO) { PoolEvent.Resumed(it) }
        machine.resume(now())
    }

    override fun reconfigure(change: PoolConfig.Builder.() -> Unit) = synchronized(reconfiguring) {
        val changed = config.settings.copy().apply(change).build()
        changed.requireSameFixed(config)
        mailbox.ask { become(changed) }
    }

    /** In a turn: [changed] holds from now on. */
    fun become(changed: PoolConfig) {
        val before = config.diagnostics
        config = changed
        borrowTimeout = changed.borrowTimeout.inWholeNanoseconds
        if (changed.diagnostics != before && !isEnding) watch = Watch.of(this, insteadOf = watch)
        isPlain = changed.hooks.onBorrow == null && watch == null
        eventLog.add(Level.INFO) { PoolEvent.Reconfigured(it) }
        machine.reconfigure(limitsOf(changed), now())
    }

    // ---- the end -------------------------------------------------------------------------------------------------------

    override suspend fun drain(timeout: Duration) {
        require(!timeout.isNegative()) { "timeout must not be negative: $timeout" }
        mailbox.post {
            val now = now()
            if (!isEnding) eventLog.add(Level.INFO) { PoolEvent.Draining(it) }
            machine.drain(now, now.plusSpan(timeout.inWholeNanoseconds))
        }
        awaitClosed()
    }

    override fun close() = mailbox.post { machine.close(now()) }

    override suspend fun awaitClosed() = end.await()

    override fun closedException(): PoolClosedException = end.exception()

    /** The job of all that runs here, and the connector where it is the pool's, are needed no more. */
    fun dispose() {
        job.complete()
        if (ownsConnector) connector.close()
    }

    override fun toString(): String = "WebSocketPool($name)"
}
