package dev.wspool.internal.group

import dev.wspool.Endpoint
import dev.wspool.GroupConfig
import dev.wspool.PoolClosedException
import dev.wspool.PoolEvent
import dev.wspool.internal.Background
import dev.wspool.internal.Chore
import dev.wspool.internal.Clock
import dev.wspool.internal.EffectQueue
import dev.wspool.internal.EventFlow
import dev.wspool.internal.Mailbox
import dev.wspool.internal.PoolThreads
import dev.wspool.internal.Readiness
import dev.wspool.internal.Readying
import dev.wspool.internal.Reaper
import dev.wspool.internal.Seat
import dev.wspool.internal.Ticking
import dev.wspool.internal.log
import dev.wspool.internal.machine.DialLimits
import dev.wspool.internal.machine.EjectionLimits
import dev.wspool.internal.machine.GroupEffects
import dev.wspool.internal.machine.GroupLimits
import dev.wspool.internal.machine.GroupMachine
import dev.wspool.internal.machine.Member
import dev.wspool.internal.machine.NEVER
import dev.wspool.internal.machine.Phase
import dev.wspool.internal.machine.Refusal
import dev.wspool.internal.machine.Ticket
import dev.wspool.internal.machine.plusSpan
import dev.wspool.transport.Connector
import dev.wspool.transport.redacted
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.plus
import org.slf4j.event.Level
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.time.Duration

/**
 * What the pools of a group share: the actor in whose turns all of them and the group decide, one clock, one connector, one flow of
 * events, one end.
 */
internal class GroupRoom(config: GroupConfig, val connector: Connector, private val ownsConnector: Boolean, val isKeyed: Boolean) :
    Ticking,
    Readying,
    GroupEffects {
    val name: String = config.name
    val settings = GroupSettings(this, isKeyed, config)
    val config: GroupConfig get() = settings.current
    private val common = config.common
    private val dispatcher: CoroutineDispatcher = common.dispatcher ?: PoolThreads.own
    private val parentContext = common.parent?.coroutineContext ?: EmptyCoroutineContext
    private val job = SupervisorJob(parentContext[Job])
    override val scope = CoroutineScope(parentContext + job + dispatcher + CoroutineName(config.name))

    /** Where foreign code runs, as of a pool. */
    val outside: CoroutineDispatcher = common.dispatcher ?: PoolThreads.foreign
    val foreign = scope + outside

    private val clock = Clock(common.timeSource, common.settings.wallClock)
    private val effects = EffectQueue { log.error("{}: an effect failed", name, redacted(it)) }
    val events = EventFlow { effects.later(it) }
    val ejection: EjectionLimits? = config.ejection?.run {
        EjectionLimits(failures, window.inWholeNanoseconds, firstTime.inWholeNanoseconds, longestTime.inWholeNanoseconds)
    }
    val balancing = Balancing(this)
    val machine = GroupMachine(settings.limits, this, common.random::nextDouble, balancing)
    override val mailbox = Mailbox(dispatcher, effects, ::crash) { machine.settle(::now) }
    private val reaper = Reaper(this)
    val readiness = Readiness(this, ::later)
    val background = Background(name, foreign, ::redacted) { this.config.common.hooks }
    private val end = Job()

    /** Why it is closed, where a turn has thrown. */
    @Volatile
    private var failure: Throwable? = null

    /** Why nothing more is discovered, where that is so. */
    @Volatile
    var discoveryFailure: Throwable? = null

    /** How often an endpoint was taken out of service. In turns. */
    var ejections = 0L

    /** Endpoints that have failed, for who looks for them. */
    val failures = MutableSharedFlow<Endpoint>(extraBufferCapacity = 64, onBufferOverflow = BufferOverflow.DROP_OLDEST)

    /** In a turn: it drains, or is closed. */
    val isEnding: Boolean get() = machine.phase == Phase.DRAINING || isClosed

    /** In turns: who wants to know that a member has left. */
    var onLeft: (GroupMember) -> Unit = {}

    private val endpoints = CopyOnWriteArrayList<Endpoint>()

    /** In turns. */
    val members: List<GroupMember> get() = machine.members.map { it as GroupMember }

    init {
        reaper.start()
    }

    fun seat(member: Member) = Seat(member, clock, mailbox, effects, events, readiness)

    // ---- the group's time and effects ------------------------------------------------------------------------------------

    override val hasEnded: Boolean get() = end.isCompleted

    override fun now(): Long = clock.now()

    override fun nextTick(now: Long): Long = mailbox.ask { machine.nextTick(now) }

    override fun tick() = mailbox.post { machine.tick(now()) }

    override fun wake() = later(reaper::wake)

    override fun refuse(ticket: Ticket, refusal: Refusal) {
        val borrower = ticket as GroupBorrower
        effects.answer(borrower, GroupRefused(this, refusal, borrower.timeout, shortage(borrower)))
    }

    override fun left(member: Member) {
        val left = member as GroupMember
        endpoints -= left.endpoint
        tell(Level.INFO) { PoolEvent.EndpointLeft(it, left.endpoint) }
        onLeft(left)
    }

    override fun ended() {
        if (events.isListenedTo) events.note(PoolEvent.Ended(name))
        later { come() }
    }

    fun later(chore: Chore) = effects.later(chore)

    /** In a turn: a connection to [endpoint] has failed, or a dial. */
    fun failed(endpoint: Endpoint) = later { failures.tryEmit(endpoint) }

    /** In a turn. */
    inline fun tell(level: Level, event: (String) -> PoolEvent) {
        val isWritten = if (level == Level.DEBUG) log.isDebugEnabled else true
        if (!events.isListenedTo && !isWritten) return
        val told = event(name)
        if (events.isListenedTo) events.note(told)
        if (isWritten) later { log.atLevel(level).log("{}", told) }
    }

    // ---- members ---------------------------------------------------------------------------------------------------------

    /** In a turn. */
    fun add(member: GroupMember) {
        endpoints += member.endpoint
        tell(Level.INFO) { PoolEvent.EndpointJoined(it, member.endpoint) } // before its first dial
        machine.join(member, now())
        readiness.mayHaveChanged()
    }

    // ---- the end ---------------------------------------------------------------------------------------------------------

    suspend fun drain(timeout: Duration) {
        require(!timeout.isNegative()) { "timeout must not be negative: $timeout" }
        mailbox.post {
            val now = now()
            if (!isEnding) tell(Level.INFO) { PoolEvent.Draining(it) }
            machine.drain(now, now.plusSpan(timeout.inWholeNanoseconds))
            readiness.mayHaveChanged()
        }
        awaitClosed()
    }

    override fun close() = mailbox.post {
        machine.close(now())
        readiness.mayHaveChanged()
    }

    suspend fun awaitClosed() = end.join()

    override val isClosed: Boolean get() = machine.phase == Phase.CLOSED

    override val isReadyNow: Boolean get() = machine.isReady

    override fun closedException(): PoolClosedException = failure.let { cause ->
        val why = if (cause == null) "is closed" else "has failed and is closed; this is a bug in wspool: $cause"
        PoolClosedException("The group $name $why", cause)
    }

    /** A turn has thrown: nothing is sure any more, and all pools end. */
    private fun crash(cause: Throwable) {
        failure = failure ?: cause
        try {
            machine.close(now())
            members.forEach { it.pool.end.crash(cause) }
        } catch (second: Throwable) {
            cause.addSuppressed(second)
        }
        later { log.error("{}: a turn failed, the group is closed", name, cause) }
    }

    private fun come() {
        end.complete()
        reaper.wake()
        job.complete()
        if (ownsConnector) connector.close()
    }

    /** At any time, and in a turn too. */
    private fun redacted(failure: Throwable): Throwable = endpoints.fold(failure) { shown, endpoint -> endpoint.redacted(shown) }
}
