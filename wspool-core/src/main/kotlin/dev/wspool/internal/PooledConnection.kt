package dev.wspool.internal

import dev.wspool.CloseInfo
import dev.wspool.ConnectFailedException
import dev.wspool.ConnectionId
import dev.wspool.Endpoint
import dev.wspool.Message
import dev.wspool.PoolEvent
import dev.wspool.internal.accept.RealAcceptance
import dev.wspool.internal.machine.Ending
import dev.wspool.internal.machine.connected
import dev.wspool.internal.machine.goingAway
import dev.wspool.internal.machine.unsolicited
import dev.wspool.transport.Capability
import dev.wspool.transport.ConnectPhase
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.isActive
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds

/**
 * A connection of the pool, from the dial to the end: the machine's slot, what the engine's reader talks to, and what the
 * leases of the connection share.
 */
internal open class PooledConnection(val pool: RealPool, number: Long) :
    DebtorSlot(number),
    ConnectionListener {
    /** Where it is connected to; the dial may be told another place than the pool's. */
    @Volatile
    var endpoint: Endpoint = pool.endpoint

    @Volatile
    private var givenId: ConnectionId? = null

    /** Its number's, until the application calls it something else; not kept, as thousands may lie idle. */
    override var id: ConnectionId
        get() = givenId ?: ConnectionId("c$number")
        set(value) {
            givenId = value
        }
    val pings = Pings(this)
    val debts: Debts get() = this

    val inbox = Inbox(debts, pool.outside, pool.config.receiveBuffer)

    /**
     * 1 while a lease answers for what comes, else 0. A number rather than the lease, the last of which every idle connection
     * would keep. Two threads that release one lease at once may take it from the next one: then turns look at messages that are
     * that one's, and leave them be.
     */
    @Volatile
    private var held = 0

    /** The context of who holds the lease, or of who got the last of several. Written and read in turns. */
    var holder: CoroutineContext? = null
        protected set

    /** How often its users have sent or received, or nearly so: for who wants to know whether they do. */
    @JvmField
    var touched = 0

    /** True where the pool has ended the lease by closing. Written in turns, read by the lease. */
    @Volatile
    var isPoolClosed = false

    @Volatile
    var closeInfo: CloseInfo? = null
        private set

    /** When it was opened, on the pool's clock; first as its dial knows it, then as the machine does. */
    @Volatile
    private var openedAt = 0L

    /** Set before the machine is told of the connection, and so before there is a lease. */
    lateinit var connection: Connection
        private set

    val isOpen: Boolean get() = ::connection.isInitialized

    /** Who has it for good, after [RealLease.detach]. */
    @Volatile
    private var owner: DetachedLease? = null

    /** Null once it has been answered: an idle connection keeps nothing of it. */
    @Volatile
    private var dial: Dial? = Dial(this)
    private val lock: Any get() = inbox // not this object: engines have it

    // What most connections need late or never is made then: thousands may lie idle.

    @Volatile
    private var endOfThis: Closing? = null
    private val closing: Closing get() = endOfThis ?: synchronized(lock) { endOfThis ?: Closing(this).also { endOfThis = it } }

    @Volatile
    var usersPongs: Pongs? = null
        private set

    /** Of the pings that its users send. */
    val pongs: Pongs
        get() = usersPongs ?: synchronized(lock) {
            // Whoever ends them ends the inbox first, and then looks for them.
            usersPongs ?: Pongs(pool.outside).also { made ->
                usersPongs = made
                inbox.whyEnded?.let(made::end)
            }
        }

    @Volatile
    private var learned: MutableMap<String, Any>? = null

    /** What the application has noted. */
    val attributes: MutableMap<String, Any>
        get() = learned ?: synchronized(lock) { learned ?: ConcurrentHashMap<String, Any>().also { learned = it } }

    private var isAnnounced = false // the machine knows of the connection, and is to be told of its end

    /** True where it was aborted as it did not answer a ping. Written before the abort, and read by who learns of that. */
    @Volatile
    var isMute = false
        private set

    /** True where the server has said that it will close the connection. */
    @Volatile
    var isGoingAway = false
        private set

    /** True where no message will come any more. */
    val hasEnded: Boolean get() = closeInfo != null || isPoolClosed

    override val scope: CoroutineScope get() = pool.foreign

    override val connectTimeout: Duration get() = pool.config.connectTimeout

    override fun onPhase(phase: ConnectPhase) {
        dial?.phase = phase
    }

    /** When its dial began, on the pool's clock, and how far it has come; null once it is answered. */
    val dialledAt: Long? get() = dial?.begunAt
    val dialPhase: ConnectPhase? get() = dial?.phase

    /** Of who was let in and has not connected; null for a connection that is dialled, and once it is answered. */
    val acceptance: RealAcceptance? get() = dial?.acceptance

    /** In the turn that has let it in. */
    fun letIn(): RealAcceptance = RealAcceptance(this).also { dial!!.acceptance = it }

    override val isQuiet: Boolean get() = debts.isNone

    override fun quieten(): Boolean {
        heedUnsolicited()
        return isQuiet
    }

    /** Written by the engine's reader alone. */
    @Volatile
    final override var heard = 0
        private set

    override val pongAt: Long get() = pings.pongAt

    override val isParked: Boolean get() = inbox.isStopped

    override val canPing: Boolean get() = Capability.Ping in connection.capabilities

    /** In a turn: makes the lease for the use that the machine has just counted. */
    open fun lendTo(borrower: CoroutineContext): RealLease {
        holder = borrower
        HELD.lazySet(this, 1) // the end of the turn publishes it
        return RealLease(this, use)
    }

    /** Nothing will come any more: whoever waits for a message is told [why]. */
    open fun endReceiving(why: Throwable) = inbox.end(why)

    /** A lease has ended, and is about to take an atomic step: before it looks at the debts, the reader sees this. */
    fun leaseEnds() = HELD.lazySet(this, 0)

    /** In a turn: [returned] ends, and whose it was is forgotten with it. A late one is not the present one. */
    fun forgetHolder(returned: RealLease) {
        if (use == returned.use) holder = null
    }

    /** Between the release of [released] and its return: what comes is for the pool. */
    fun beginCheckIn(released: RealLease): CheckInLease = CheckInLease(this, released.use).also { held = 1 }

    /** The machine has let go of it: from now on it is the [owner]'s. False where it has ended meanwhile. */
    fun giveTo(owner: DetachedLease): Boolean {
        held = 1
        this.owner = owner
        return closeInfo == null
    }

    // ---- effects of the machine, in any order ---------------------------------------------------------------------------

    fun dial() {
        dial?.start()
    }

    fun cancelDial() {
        dial?.callOff()
    }

    /** Starts the closing handshake. */
    fun startClosing() {
        endWaits()
        inbox.discard()
        closing.start(if (isPoolClosed) CloseInfo.GOING_AWAY else CloseInfo.NORMAL)
    }

    fun abort() {
        if (ending == Ending.NO_PONG) isMute = true
        endWaits()
        cancelDial()
        closing.callOff()
        if (isOpen) connection.abort()
    }

    /** The lease of `onConnect`, for a [connection] that is open and that the machine does not know of yet. */
    fun beginGreeting(connection: Connection): NewLease {
        this.connection = connection
        openedAt = pool.now()
        held = 1
        return NewLease(this)
    }

    // ---- the answers to a dial -----------------------------------------------------------------------------------------

    /** The dial is over, and with it what it knew. */
    fun answered() {
        dial = null
    }

    open fun opened(connection: Connection) {
        this.connection = connection
        val begunAt = dialledAt
        answered()
        closeInfo?.let { end ->
            val text = "${pool.name} closed the connection as soon as it was open: $end"
            return notOpened(ConnectFailedException(text, isPermanent = pool.isPermanent(end)))
        }
        pool.mailbox.post {
            openedAt = pool.now()
            if (begunAt != null) pool.gauges.connectTimes.record(openedAt - begunAt)
            pool.eventLog.add { PoolEvent.Connected(it, id) }
            if (endpoint.isSecure && pool.isInsecure) pool.eventLog.add { PoolEvent.Insecure(it, id) }
            pool.machine.connected(this, openedAt)
            announced()
        }
    }

    /**
     * In the turn in which the machine learns of the connection: who gets it in that turn may see its end before the next line of the
     * dial runs, and must find that the machine knows of it too.
     */
    private fun announced() {
        val (hasEnded, isGoing) = synchronized(lock) {
            isAnnounced = true
            (closeInfo != null) to isGoingAway
        }
        if (hasEnded) reportLoss()
        if (isGoing) retireGoingAway()
    }

    // ---- the end -------------------------------------------------------------------------------------------------------

    /** For how long it has been open, on the pool's clock. */
    val openTime: Duration get() = (pool.now() - openedAt).nanoseconds

    // ---- what the engine tells -----------------------------------------------------------------------------------------

    final override fun onMessage(message: Message): Boolean {
        heard++
        pool.gauges.traffic.received(message)
        if (pool.goAway.isAnnounced(message)) goAway()
        return accept(message)
    }

    /** False tells the engine to stop reading. */
    protected open fun accept(message: Message): Boolean {
        // First the debt, then the look at the lease; a release ends the lease first and then looks at the debts. So one of
        // them sees the other, and a message between two leases is nobody's.
        val goesOn = inbox.offer(message, mayStop)
        if (inbox.isOverflowing) overflowed()
        if (held == 0) pool.mailbox.post { pool.machine.unsolicited(this, pool.now()) }
        return goesOn
    }

    private fun goAway() {
        val isKnown = synchronized(lock) {
            isGoingAway = true
            isAnnounced
        }
        if (isKnown) retireGoingAway() // else its dial sees to it
    }

    private fun retireGoingAway() = pool.mailbox.post { pool.machine.goingAway(this, pool.now()) }

    override fun onPong(payload: ByteArray) {
        heard++
        if (!pings.arrived(payload)) usersPongs?.arrived(payload)
    }

    override fun onClosed(info: CloseInfo, cause: Throwable?) {
        val end = CloseInfo(info.code, redact(info.reason)) // a peer may quote the URL that it refuses
        val isKnown = synchronized(lock) {
            closeInfo = end
            isAnnounced
        }
        closing.callOff()
        dial?.connectionEnded()
        if (isKnown) reportLoss() // first, as whoever is told below may go on to borrow another
        val why = if (pool.isCancelled) pool.closedException() else lossOf(end, cause)
        endWaits(why)
        owner?.connectionEnded()
    }

    private companion object {
        val HELD: AtomicIntegerFieldUpdater<PooledConnection> = AtomicIntegerFieldUpdater.newUpdater(PooledConnection::class.java, "held")
    }
}
