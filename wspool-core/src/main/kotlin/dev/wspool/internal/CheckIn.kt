package dev.wspool.internal

import dev.wspool.Lease
import dev.wspool.PoolException
import dev.wspool.UnreadMessages
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull

/**
 * What is done with a connection between its release and its return: late replies are drained, and `onReturn` is called. The
 * machine counts it as leased until then; for its user it has ended.
 */
internal class CheckIn(private val pool: RealPool) {
    private val config get() = pool.config

    /** True where there is nothing to do, and the lease goes straight back. */
    val isIdle: Boolean get() = config.hooks.onReturn == null && config.unreadMessages !is UnreadMessages.Drain

    /** Atomic: in a scope that is being cancelled the connection still goes back, to be closed. */
    @OptIn(DelicateCoroutinesApi::class)
    fun start(lease: RealLease) {
        if (lease.connection.hasEnded) return pool.giveBack(lease)
        try {
            pool.foreign.launch(start = CoroutineStart.ATOMIC) { run(lease) }
        } catch (_: Throwable) { // a dispatcher that refuses to run it
            lease.connection.debts.incur()
            pool.giveBack(lease)
        }
    }

    private suspend fun run(lease: RealLease) {
        val inner = lease.connection.beginCheckIn(lease)
        var isClean = false
        try {
            currentCoroutineContext().ensureActive()
            isClean = drain(inner) && callHook(inner)
        } finally {
            inner.release()
            if (!isClean) lease.connection.debts.incur() // never settled: it is dirty
            if (inner.isInvalidated) lease.becomeInvalidated()
            pool.giveBack(lease)
        }
    }

    /** Reads on to the end of what the last user had asked for. */
    private suspend fun drain(lease: CheckInLease): Boolean {
        val policy = config.unreadMessages as? UnreadMessages.Drain ?: return true
        val connection = lease.connection
        if (connection.debts.isNone) return true
        if (!connection.inbox.canRedeem()) return false // a failed block or send is mended by no message
        val isFound = try {
            withTimeoutOrNull(policy.maxTime) { (1..policy.maxMessages).any { policy.until(lease.receive()) } } == true
        } catch (failure: Throwable) {
            currentCoroutineContext().ensureActive()
            if (failure !is PoolException) pool.background.failed(failure) // else the connection has ended: no news
            false
        }
        if (isFound) connection.inbox.forgive()
        return isFound
    }

    private suspend fun callHook(lease: CheckInLease): Boolean {
        val hook = config.hooks.onReturn ?: return true
        val connection = lease.connection
        if (!connection.debts.isNone) pool.mailbox.ask(connection::overlookUnread)
        if (!connection.debts.isNone) return false // it was not given back clean
        return pool.background.attempt("onReturn", config.hooks.onReturnTimeout) { hook(lease) }
    }
}

/** The lease of [CheckIn]: it ends with it, and its end is no return. */
internal class CheckInLease(connection: PooledConnection, use: Int) : RealLease(connection, use) {
    override fun detach(): Lease = throw UnsupportedOperationException("onReturn cannot detach a connection")

    override fun giveBack() = Unit
}
