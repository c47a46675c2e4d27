package dev.wspool.internal

import dev.wspool.CloseInfo
import dev.wspool.ConnectFailedException
import dev.wspool.ConnectionId
import dev.wspool.Endpoint
import dev.wspool.Message
import dev.wspool.PoolEvent
import dev.wspool.internal.machine.Ending
import dev.wspool.internal.machine.Slot
import dev.wspool.internal.machine.connected
import dev.wspool.internal.machine.goingAway
import dev.wspool.internal.machine.unsolicited
import dev.wspool.transport.Capability
import dev.wspool.transport.ConnectPhase
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.redact
import dev.wspool.transport.redacted
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
internal class PooledConnection(val pool: RealPool, number: Long) :
    Slot(number),
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
    val debts = Debts()
    val inbox = Inbox(debts, pool.outside, pool.config.receiveBuffer)
    val pongs = Pongs(pool.outside)

    /**
     * 1 while a lease answers for what comes, else 0. A number rather than the lease: of a reference the collector would have
     * to be told at each borrow. Two threads that release one lease at once may take it from the next one: then turns look
     * at messages that are that one's, and leave them be.
     */
    @Volatile
    private var held = 0

    /** The context of who holds the lease. Written and read in turns. */
    var holder: CoroutineContext? = null
        private set

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
    private val closing = Closing(this)

    private val lock = Any() // not this object: engines have it

    @Volatile
    private var learned: MutableMap<String, Any>? = null

    /** What the application has noted; made when first asked for. */
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

    override val isQuiet: Boolean get() = debts.isNone

    override fun quieten(): Boolean {
        heedUnsolicited()
        return isQuiet
    }

    /** Written by the engine's reader alone. */
    @Volatile
    override var heard = 0
        private set

    override val pongAt: Long get() = pings.pongAt

    override val isParked: Boolean get() = inbox.isStopped

    override val canPing: Boolean get() = Capability.Ping in connection.capabilities

    /** In a turn: makes the lease for the use that the machine has just counted. */
    fun lendTo(borrower: CoroutineContext): RealLease {
        holder = borrower
        HELD.lazySet(this, 1) // the end of the turn publishes it
        return RealLease(this, use)
    }

    /** A lease has ended, and is about to take an atomic step: before it looks at the debts, the reader sees this. */
    fun leaseEnds() = HELD.lazySet(this, 0)

    /** In a turn: [returned] ends, and whose it was is forgotten with it. A late one is not the present one. */
    fun forgetHolder(returned: RealLease) {
        if (use == returned.use) holder = null
    }

    /** Between the release of [released] and its return: what comes is for the pool. */
    fun beginCheckIn(released: RealLease): CheckInLease = CheckInLease(this, released.use).also { held = 1 }

    /** [lease] has ended: whoever waits in one of its operations is told [why]. */
    fun expel(lease: RealLease, why: Throwable) {
        inbox.expel(lease, why)
        pongs.expel(lease, why)
    }

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

    // ---- secrets ------------------------------------------------------------------------------------------------------

    fun redact(text: String): String = pool.endpoint.redact(text, endpoint)

    fun redacted(failure: Throwable): Throwable = pool.endpoint.redacted(failure, endpoint)

    // ---- the answers to a dial -----------------------------------------------------------------------------------------

    /** The dial is over, and with it what it knew. */
    fun answered() {
        dial = null
    }

    fun opened(connection: Connection) {
        this.connection = connection
        answered()
        closeInfo?.let { end ->
            val text = "${pool.name} closed the connection as soon as it was open: $end"
            return notOpened(ConnectFailedException(text, isPermanent = pool.isPermanent(end)))
        }
        pool.mailbox.post {
            openedAt = pool.now()
            pool.eventLog.add { PoolEvent.Connected(it, id) }
            if (endpoint.isSecure && pool.isInsecure) pool.eventLog.add { PoolEvent.Insecure(it, id) }
            pool.machine.connected(this, openedAt)
        }
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

    override fun onMessage(message: Message): Boolean {
        heard++
        if (pool.goAway.isAnnounced(message)) goAway()
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
        if (!pings.arrived(payload)) pongs.arrived(payload)
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
        inbox.end(why)
        pongs.end(why)
        owner?.connectionEnded()
    }

    private companion object {
        val HELD: AtomicIntegerFieldUpdater<PooledConnection> = AtomicIntegerFieldUpdater.newUpdater(PooledConnection::class.java, "held")
    }
}
