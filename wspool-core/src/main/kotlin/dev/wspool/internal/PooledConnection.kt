package dev.wspool.internal

import dev.wspool.CloseInfo
import dev.wspool.ConnectFailedException
import dev.wspool.ConnectTimeoutException
import dev.wspool.ConnectionId
import dev.wspool.ConnectionLostException
import dev.wspool.Message
import dev.wspool.internal.machine.Slot
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import dev.wspool.transport.redact
import dev.wspool.transport.redacted
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.cancellation.CancellationException

/**
 * A connection of the pool, from the dial to the end: the machine's slot, what the engine's reader talks to, and what the
 * leases of the connection share.
 */
internal class PooledConnection(val pool: RealPool, number: Long) :
    Slot(number),
    ConnectionListener {
    val id = ConnectionId("c$number")
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

    private val lock = Any() // not this object: engines have it

    private var dialing: Job? = null
    private var closing: Job? = null

    // Effects may run in any order: what starts after it was called off ends at once.
    private var isDialCancelled = false
    private var isAborted = false
    private var isAnnounced = false // the machine knows of the connection, and is to be told of its end

    override val scope: CoroutineScope get() = pool.foreign

    override val isQuiet: Boolean get() = debts.isNone

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

    // ---- the dial: effects of the machine ------------------------------------------------------------------------------

    /** Dials, and always answers. Atomic: where the pool's scope is being cancelled, the answer is that it failed. */
    @OptIn(DelicateCoroutinesApi::class)
    fun dial() {
        val job = try {
            scope.launch(start = CoroutineStart.ATOMIC) { open() }
        } catch (failure: Throwable) {
            return failed(failure) // a dispatcher that refuses to run it
        }
        val isLate = synchronized(lock) {
            dialing = job
            isDialCancelled
        }
        if (isLate) job.cancel()
    }

    fun cancelDial() {
        val job = synchronized(lock) {
            isDialCancelled = true
            dialing
        }
        job?.cancel()
    }

    private suspend fun open() {
        var opened: Connection? = null
        val failure = try {
            withTimeout(pool.config.connectTimeout) { opened = connect() }
            null
        } catch (failure: Throwable) {
            failure // a cancellation too: the machine waits for an answer, and this coroutine ends with it
        }
        // A connection that came in spite of a cancellation or a timeout is as good as any, and must not be lost.
        opened?.let { connection = it }
        val end = closeInfo
        when {
            opened == null -> failed(failure!!)
            end != null -> failed(ConnectFailedException("${pool.name} closed the connection as soon as it was open: $end"))
            else -> announce()
        }
        synchronized(lock) { dialing = null }
    }

    /** A cancellation that is neither ours nor of our timeout is the connector's own affair: its way to say that it failed. */
    private suspend fun connect(): Connection = try {
        pool.connector.connect(pool.endpoint, this)
    } catch (failure: CancellationException) {
        currentCoroutineContext().ensureActive()
        val cause = pool.endpoint.redacted(failure)
        throw ConnectFailedException("Connecting to ${pool.name} was given up by the connector: $cause", cause)
    }

    private fun announce() {
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

    private fun failed(failure: Throwable) {
        val named = when (failure) {
            is ConnectFailedException -> failure
            is TimeoutCancellationException ->
                ConnectTimeoutException("${pool.name} did not answer within ${pool.config.connectTimeout} (connectTimeout)")
            is CancellationException -> ConnectFailedException("Connecting to ${pool.name} was given up")
            else -> {
                val cause = pool.endpoint.redacted(failure)
                ConnectFailedException("Connecting to ${pool.name} failed: $cause", cause)
            }
        }
        pool.mailbox.post { pool.machine.connectFailed(this, named, named.isPermanent, pool.now()) }
    }

    // ---- the end: effects of the machine -------------------------------------------------------------------------------

    /** Starts the closing handshake; where that fails, also because the pool's scope is being cancelled, aborts. */
    @OptIn(DelicateCoroutinesApi::class)
    fun startClosing() {
        endWaits()
        inbox.discard()
        val code = if (isPoolClosed) CloseInfo.GOING_AWAY else CloseInfo.NORMAL
        val job = scope.launch(start = CoroutineStart.ATOMIC) {
            try {
                connection.resumeReading() // the peer's Close may be behind what nobody will read
                connection.close(code, "")
            } catch (failure: Throwable) {
                connection.abort()
                if (failure is CancellationException) throw failure
                log.debug("{}: {} did not close: {}", pool.name, id, pool.endpoint.redact(failure.toString()))
            }
        }
        val isLate = synchronized(lock) {
            closing = job
            isAborted || closeInfo != null
        }
        if (isLate) job.cancel()
    }

    fun abort() {
        endWaits()
        cancelDial()
        val job = synchronized(lock) {
            isAborted = true
            closing
        }
        job?.cancel()
        if (::connection.isInitialized) connection.abort()
    }

    /** Where the pool is closed, who waits for a message or a pong is told now: an engine may never tell of the end. */
    private fun endWaits() {
        if (!isPoolClosed) return
        val why = pool.closedException()
        inbox.end(why)
        pongs.end(why)
    }

    // ---- what the engine tells -----------------------------------------------------------------------------------------

    override fun onMessage(message: Message): Boolean {
        // First the debt, then the look at the lease; a release ends the lease first and then looks at the debts. So one of
        // them sees the other, and a message between two leases is nobody's.
        val goesOn = inbox.offer(message)
        val present = lease
        if (present == null || present.isEnded) pool.mailbox.post { pool.machine.unsolicited(this, pool.now()) }
        return goesOn
    }

    override fun onPong(payload: ByteArray) = pongs.arrived(payload)

    override fun onClosed(info: CloseInfo, cause: Throwable?) {
        val (isKnown, job) = synchronized(lock) {
            closeInfo = info
            isAnnounced to closing
        }
        job?.cancel()
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
