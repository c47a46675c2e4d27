package dev.wspool.internal

import dev.wspool.FlowSignal
import dev.wspool.InBackground
import dev.wspool.NetworkState
import dev.wspool.OnNetworkLoss
import dev.wspool.PoolEvent
import dev.wspool.internal.machine.BackgroundMode
import dev.wspool.internal.machine.Surroundings
import dev.wspool.internal.machine.surroundingsChanged
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import org.slf4j.event.Level

/** Tells the machine what the user's [signal] says, as long as the pool lives. */
internal class NetworkWatch(private val pool: RealPool, private val signal: FlowSignal) {
    private var watching: Job? = null

    /** Undispatched: a pool that is made without a network, or in the background, is not to dial before it knows. */
    fun start() {
        watching = pool.foreign.launch(start = CoroutineStart.UNDISPATCHED) { watch() }
    }

    private suspend fun watch() = try {
        signal.states.collect { state -> tell(state, state.toSurroundings()) }
    } catch (failure: Throwable) {
        currentCoroutineContext().ensureActive() // a cancellation that is not this coroutine's is the flow's own way to fail
        pool.background.failed(failure)
        tell(NetworkState(isAvailable = true), Surroundings()) // or a pool without a network would be so for ever
    }

    private fun tell(state: NetworkState, surroundings: Surroundings) = pool.mailbox.post {
        if (!pool.isClosed) pool.eventLog.add(Level.INFO) { PoolEvent.NetworkChanged(it, state) }
        pool.machine.surroundingsChanged(surroundings, pool.awake())
    }

    private fun NetworkState.toSurroundings() = Surroundings(
        isConnected = isAvailable,
        network = networkId,
        isInFront = isForeground,
        isRefusing = signal.onLoss == OnNetworkLoss.Fail,
        background = when (signal.inBackground) {
            InBackground.Keep -> BackgroundMode.KEEP
            InBackground.Shrink -> BackgroundMode.SHRINK
            InBackground.Suspend -> BackgroundMode.SUSPEND
        },
    )

    /** The pool has ended. */
    fun stop() {
        watching?.cancel()
    }
}
