package dev.wspool.internal

import dev.wspool.CloseInfo
import dev.wspool.ConnectFailedException
import dev.wspool.ConnectionId
import dev.wspool.ConnectionLostException
import dev.wspool.Message
import dev.wspool.internal.machine.Slot
import dev.wspool.transport.Capability
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.redacted
import kotlinx.coroutines.CoroutineScope
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater
import kotlin.coroutines.CoroutineContext

/**
 * A connection of the pool, from the dial to the end: the machine's slot, what the engine's reader talks to, and what the
 * leases of the connection share.
 */
internal class PooledConnection(val pool: RealPool, number: Long) :
    Slot(number),
    ConnectionListener {
    override val id = ConnectionId("c$number")
    val pings = Pings(this)
    val debts = Debts()
    val inbox = Inbox(debts)
    val pongs = Pongs()

    /** The present lease, or the last one. Written in turns. */
    @Volatile
    private var lease: RealLease? = null

    /** The context of who holds the lease. Written and read in turns. */
    var holder: CoroutineContext? = null
        private set

    /** True where the pool has ended the lease by closing. Written in turns, read by the lease. */
    @Volatile
    var isPoolClosed = false

    @Volatile
    var closeInfo: CloseInfo? = null
        private set

    /** When it was opened, on the pool's clock. */
    var openedAt = 0L
        private set

    /** Set before the machine is told of the connection, and so before there is a lease. */
    lateinit var connection: Connection
        private set

    /** Who has it for good, after [RealLease.detach]. */
    @Volatile
    private var owner: DetachedLease? = null

    /** Null once it has been answered: an idle connection keeps nothing of it. */
    @Volatile
    private var dial: Dial? = Dial(this)
    private val closing = Closing(this)

    private val lock = Any() // not this object: engines have it
    private var isAnnounced = false // the machine knows of the connection, and is to be told of its end

    override val scope: CoroutineScope get() = pool.foreign

    override val isQuiet: Boolean get() = debts.isNone

    override fun quieten(): Boolean = isQuiet

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
        return RealLease(this, use).also { LEASE.lazySet(this, it) } // the end of the turn publishes it
    }

    /** In a turn: [returned] ends, and whose it was is forgotten with it. A late one is not the present one. */
    fun forgetHolder(returned: RealLease) {
        if (lease === returned) holder = null
    }

    /** [lease] has ended: whoever waits in one of its operations is told [why]. */
    fun expel(lease: RealLease, why: Throwable) {
        inbox.expel(lease, why)
        pongs.fail(why)
    }

    /** The machine has let go of it: from now on it is the [owner]'s. False where it has ended meanwhile. */
    fun giveTo(owner: DetachedLease): Boolean {
        lease = owner
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
        endWaits()
        cancelDial()
        closing.callOff()
        if (::connection.isInitialized) connection.abort()
    }

    // ---- the answers to a dial -----------------------------------------------------------------------------------------

    fun opened(connection: Connection) {
        this.connection = connection
        dial = null
        closeInfo?.let { end ->
            return notOpened(ConnectFailedException("${pool.name} closed the connection as soon as it was open: $end"))
        }
        pool.mailbox.post {
            openedAt = pool.now()
            pool.machine.connected(this, openedAt)
        }
        val hasEnded = synchronized(lock) {
            isAnnounced = true
            closeInfo != null
        }
        if (hasEnded) reportLoss()
    }

    fun notOpened(failure: ConnectFailedException) {
        val retryAfter = failure.retryAfterNanos(System::currentTimeMillis)
        pool.mailbox.post { pool.machine.connectFailed(this, failure, failure.isPermanent, pool.now(), retryAfter) }
    }

    // ---- the end -------------------------------------------------------------------------------------------------------

    /** Where the pool is closed, who waits for a message or a pong is told now: an engine may never tell of the end. */
    private fun endWaits() {
        if (!isPoolClosed) return
        val why = pool.closedException()
        inbox.end(why)
        pongs.end(why)
    }

    // ---- what the engine tells -----------------------------------------------------------------------------------------

    override fun onMessage(message: Message): Boolean {
        heard++
        // First the debt, then the look at the lease; a release ends the lease first and then looks at the debts. So one of
        // them sees the other, and a message between two leases is nobody's.
        val goesOn = inbox.offer(message)
        val present = lease
        if (present == null || present.isEnded) pool.mailbox.post { pool.machine.unsolicited(this, pool.now()) }
        return goesOn
    }

    override fun onPong(payload: ByteArray) {
        heard++
        if (!pings.arrived(payload)) pongs.arrived(payload)
    }

    override fun onClosed(info: CloseInfo, cause: Throwable?) {
        val isKnown = synchronized(lock) {
            closeInfo = info
            isAnnounced
        }
        closing.callOff()
        if (isKnown) reportLoss() // first, as whoever is told below may go on to borrow another
        val loss = ConnectionLostException("Connection $id to ${pool.name} was lost: $info", info, cause?.let(pool.endpoint::redacted))
        inbox.end(loss)
        pongs.end(loss)
        owner?.connectionEnded()
    }

    private fun reportLoss() = pool.mailbox.post { pool.machine.lost(this, pool.now()) }

    private companion object {
        val LEASE: AtomicReferenceFieldUpdater<PooledConnection, RealLease?> =
            AtomicReferenceFieldUpdater.newUpdater(PooledConnection::class.java, RealLease::class.java, "lease")
    }
}
