package dev.wspool.internal

import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.Correlator
import dev.wspool.Message
import dev.wspool.PoolClosedException
import dev.wspool.internal.machine.useUp
import dev.wspool.transport.Connection
import kotlin.coroutines.CoroutineContext

/** A connection that several leases share: what comes is given to the lease whose request it answers. */
internal class SharedConnection(pool: RealPool, private val traffic: SharedTraffic, number: Long) : PooledConnection(pool, number) {
    val switchboard = Switchboard()
    val correlator: Correlator get() = traffic.correlator
    private val teller = Teller(this)

    /** Until `onConnect` is through, all that comes is for it. */
    @Volatile
    private var isInPool = false

    /** The number of the last dial that was made before it ended; until then its own. */
    @Volatile
    var lastDial: Long = number
        private set

    override fun lendTo(borrower: CoroutineContext): RealLease {
        holder = borrower
        return SharedLease(this, use, borrower).also(switchboard::add)
    }

    override fun opened(connection: Connection) {
        isInPool = true
        super.opened(connection)
    }

    /** What `onConnect` has not read, or nobody was there to read, was no reply to anybody here. */
    override fun quieten(): Boolean {
        takeUnread().forEach { traffic.orphaned(this, it) }
        return isQuiet
    }

    override fun accept(message: Message): Boolean {
        if (!isInPool) return super.accept(message)
        try {
            val reply = correlator.replyTo(message)
            if (reply == null) concernsNobody(message) else answers(reply, message)
        } catch (failure: Throwable) {
            giveUp(unintelligible(failure))
        }
        return true
    }

    private fun answers(reply: Correlator.Reply, message: Message) {
        val owner = switchboard.ownerOf(reply.requestId, reply.isLast)
        if (owner != null) owner.arrived(message) else traffic.orphaned(this, message)
    }

    private fun concernsNobody(message: Message) {
        val answer = correlator.answerTo(message)
        if (answer == null) traffic.orphaned(this, message) else teller.tell(answer)
    }

    private fun unintelligible(failure: Throwable): ConnectionLostException {
        val text = "Connection $id to ${pool.name} was lost: its correlator cannot read a message"
        return ConnectionLostException(text, CloseInfo(CloseInfo.PROTOCOL_ERROR), redacted(failure))
    }

    /** The peer is told where the protocol has a way, as it may go on for long. */
    fun abandonRequestsOf(lease: SharedLease, hasEnded: Boolean) {
        val open = switchboard.abandon(lease, hasEnded)
        if (open.isEmpty() || this.hasEnded) return
        for (id in open) pool.background.ask(null) { correlator.cancellation(id) }?.let(teller::tell)
        if (switchboard.isOverfull) pool.mailbox.post { pool.machine.useUp(this, pool.now()) }
    }

    /** True where an engine may send it in several pieces, or cannot take it back once it has begun with it. */
    fun mayBeCutShort(message: Message): Boolean {
        val transport = pool.config.transport
        val size = when (message) {
            is Message.Text -> message.text.length // of bytes there are up to three times as many
            is Message.Binary -> message.bytes.size
        }
        return transport.compression != null || size > transport.maxBytesInFlight / 3
    }

    override fun onClosed(info: CloseInfo, cause: Throwable?) {
        lastDial = pool.mailbox.ask { pool.machine.supply.lastNumber }
        super.onClosed(info, cause)
    }

    override fun endReceiving(why: Throwable) {
        super.endReceiving(why)
        switchboard.end { toldToAll(why) }
    }

    /** What one of its users has brought about is no mistake of the others: to them the connection was lost. */
    private fun toldToAll(why: Throwable): Throwable = when (why) {
        is PoolClosedException -> why
        is ConnectionLostException -> ConnectionLostException(why.message.orEmpty(), why.closeInfo, why.cause)
        else -> {
            val info = closeInfo ?: CloseInfo(CloseInfo.ABNORMAL)
            ConnectionLostException("Connection $id to ${pool.name} was lost: $info: ${why.message}", info, why)
        }
    }
}
