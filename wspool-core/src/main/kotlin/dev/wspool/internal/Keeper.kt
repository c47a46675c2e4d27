package dev.wspool.internal

import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.ConnectionState
import dev.wspool.FlowSignal
import dev.wspool.Lease
import dev.wspool.LeaseReleasedException
import dev.wspool.PoolClosedException
import dev.wspool.PoolException
import dev.wspool.awaitEnd
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.mapNotNull
import kotlinx.coroutines.launch
import kotlin.time.Duration

/**
 * Holds the one connection of a pool of one: it borrows it, waits until it ends, and borrows the next. One coroutine under the
 * pool's job; what it does not decide, when and how to dial, the machine does.
 */
internal class Keeper(private val pool: RealPool) {
    private val current = MutableStateFlow<ConnectionState>(ConnectionState.Disconnected(null, isRefused = false))
    val state: StateFlow<ConnectionState> get() = current

    /** Those whose messages nobody has begun to receive, oldest first. All but the last have ended. */
    private val unread = ArrayDeque<ConnectionState.Connected>()

    fun start() {
        pool.foreign.launch {
            val network = launch { followNetwork() }
            try {
                while (true) holdOne()
            } catch (_: PoolClosedException) {
                // by its owner
            } finally {
                network.cancel()
                current.value = ConnectionState.Closed()
            }
        }
    }

    private suspend fun holdOne() {
        val lease = try {
            pool.borrow(Duration.INFINITE)
        } catch (closed: PoolClosedException) {
            throw closed
        } catch (refusal: PoolException) {
            current.value = ConnectionState.Disconnected(refusal, isRefused = true)
            return pool.awaitReady() // the pool goes on trying, as it wants one idle
        }
        val connected = ConnectionState.Connected(lease)
        push(connected)
        current.value = connected
        current.value = ConnectionState.Disconnected(awaitLoss(lease as RealLease), isRefused = false)
    }

    private suspend fun awaitLoss(lease: RealLease): PoolException = try {
        val info = lease.awaitEnd()
        lease.inbox.whyEnded as? PoolException ?: lease.connection.lossOf(info, null)
    } catch (closed: PoolClosedException) {
        throw closed
    } catch (released: LeaseReleasedException) {
        ConnectionLostException("$lease was closed by reconnect()", lease.normalEnd, released)
    } catch (why: PoolException) {
        why
    }

    /** Where nobody ever receives, what the oldest has left is given up. */
    private fun push(connection: ConnectionState.Connected) {
        val forgotten = synchronized(unread) {
            unread.addLast(connection)
            if (unread.size > MOST_UNREAD) unread.removeFirst() else null
        } ?: return
        forgotten.lease.release()
        log.warn("{}: nobody receives; what came on {} and was not received is dropped", pool.name, forgotten.id)
    }

    fun pollUnread(): ConnectionState.Connected? = synchronized(unread) { unread.removeFirstOrNull() }

    /** The next whose messages nobody has begun to receive. */
    suspend fun awaitUnread(): ConnectionState.Connected {
        while (true) {
            val now = current.value // before the look: what is pushed is there before the state says so
            pollUnread()?.let { return it }
            if (now is ConnectionState.Closed) throw pool.closedException()
            if (now is ConnectionState.Disconnected && now.isRefused) throw now.cause!!
            current.first { it !== now }
        }
    }

    fun reconnect() {
        pool.rotateCredentials()
        (current.value as? ConnectionState.Connected)?.lease?.invalidate("reconnect()")
    }

    /** The machine has whoever holds a connection over another network give it back; this one would not. */
    private suspend fun followNetwork() = coroutineScope {
        val signal = pool.config.network as? FlowSignal ?: return@coroutineScope
        var last: String? = null
        signal.states.mapNotNull { it.networkId.takeIf { _ -> it.isAvailable } }.collect { network ->
            if (last != null && network != last) (current.value as? ConnectionState.Connected)?.lease?.invalidate("another network")
            last = network
        }
    }

    private companion object {
        const val MOST_UNREAD = 16
    }
}

/** How a connection ended that this end has closed. */
internal val Lease.normalEnd: CloseInfo get() = closeInfo ?: CloseInfo(CloseInfo.NORMAL)
