package dev.wspool.samples.android

import dev.wspool.InBackground
import dev.wspool.NetworkLostException
import dev.wspool.NetworkSignal
import dev.wspool.NetworkState
import dev.wspool.OnNetworkLoss
import dev.wspool.PoolConfig
import dev.wspool.PoolException
import dev.wspool.WebSocketPool
import dev.wspool.withConnection
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlin.time.Duration.Companion.seconds

/** What the screen shows. */
internal sealed interface PriceScreen {
    data object Empty : PriceScreen

    data object Asking : PriceScreen

    data class Price(val text: String) : PriceScreen

    data object Offline : PriceScreen

    data class Failed(val why: String) : PriceScreen
}

/**
 * The state of a screen, and the pool behind it. With androidx it extends `ViewModel`, [scope] is its `viewModelScope`, and [close]
 * its `onCleared`. It outlives the activity, and so do the pool's connections.
 */
internal class PriceViewModel(
    val scope: CoroutineScope,
    createPool: (PoolConfig.Builder.() -> Unit) -> WebSocketPool,
    states: StateFlow<NetworkState>,
) : AutoCloseable {
    private val pool = createPool {
        parent = scope
        maxConnections = 2
        network = NetworkSignal(states, OnNetworkLoss.Fail, InBackground.Suspend)
    }
    private val shown = MutableStateFlow<PriceScreen>(PriceScreen.Empty)

    val screen: StateFlow<PriceScreen> = shown.asStateFlow()

    fun ask(symbol: String): Job = scope.launch {
        shown.value = PriceScreen.Asking
        shown.value = try {
            PriceScreen.Price(
                pool.withConnection {
                    send(symbol)
                    receiveText(5.seconds)
                },
            )
        } catch (_: NetworkLostException) {
            PriceScreen.Offline
        } catch (failure: PoolException) {
            PriceScreen.Failed(failure.message!!)
        }
    }

    /** Ends all that is under way, and the pool with its parent. */
    override fun close() = scope.cancel()
}
