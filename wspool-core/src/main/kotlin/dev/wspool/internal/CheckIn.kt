package dev.wspool.internal

import dev.wspool.Lease
import dev.wspool.UnreadMessages
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.coroutines.cancellation.CancellationException

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
        pool.foreign.launch(start = CoroutineStart.ATOMIC) {
            val inner = lease.connection.beginCheckIn(lease)
            try {
                if (!drain(inner) || !callHook(inner)) lease.connection.debts.incur() // never settled: it is dirty
            } catch (failure: CancellationException) {
                lease.connection.debts.incur()
                throw failure
            } finally {
                inner.release()
                pool.giveBack(lease)
            }
        }
    }

    /** Reads on to the end of what the last user had asked for. */
    private suspend fun drain(lease: Lease): Boolean {
        val policy = config.unreadMessages as? UnreadMessages.Drain ?: return true
        lease as CheckInLease
        if (lease.connection.debts.isNone) return true
        val isFound = withTimeoutOrNull(policy.maxTime) {
            (1..policy.maxMessages).any { policy.until(lease.receive()) }
        }
        if (isFound == true) lease.connection.inbox.forgive()
        return isFound == true
    }

    private suspend fun callHook(lease: CheckInLease): Boolean {
        val hook = config.hooks.onReturn ?: return true
        if (!lease.connection.debts.isNone) return true // it is not given back clean: it will be closed
        return pool.background.attempt("onReturn", config.hooks.onReturnTimeout) { hook(lease) }
    }
}

/** The lease of [CheckIn]: it ends with it, and its end is no return. */
internal class CheckInLease(connection: PooledConnection, use: Int) : RealLease(connection, use) {
    override fun detach(): Lease = throw UnsupportedOperationException("onReturn cannot detach a connection")

    override fun giveBack() = Unit
}
