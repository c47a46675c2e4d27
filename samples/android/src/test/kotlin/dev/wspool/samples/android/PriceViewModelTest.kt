package dev.wspool.samples.android

import dev.wspool.Endpoint
import dev.wspool.NetworkState
import dev.wspool.WebSocketPool
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals

@OptIn(ExperimentalCoroutinesApi::class)
class PriceViewModelTest {
    private val server = FakeConnector(autoConnect = true) { it.onSend = { _ -> it.receives("42.00") } }
    private val states = MutableStateFlow(NetworkState(isAvailable = true, networkId = "100"))

    private fun TestScope.model() = PriceViewModel(
        CoroutineScope(StandardTestDispatcher(testScheduler) + Job()),
        { configure ->
            WebSocketPool(server, Endpoint("ws://fake")) {
                dispatcher = StandardTestDispatcher(testScheduler)
                timeSource = testScheduler.timeSource
                configure()
            }
        },
        states,
    )

    @Test
    fun aPriceIsShown() = runTest {
        model().use { model ->
            model.ask("KTOR")
            runCurrent()
            assertEquals(PriceScreen.Price("42.00"), model.screen.value)
        }
    }

    @Test
    fun withoutANetworkTheScreenSaysSoAtOnce() = runTest {
        model().use { model ->
            states.value = NetworkState(isAvailable = false)
            runCurrent()
            model.ask("KTOR")
            runCurrent()
            assertEquals(PriceScreen.Offline, model.screen.value)
            states.value = NetworkState(isAvailable = true, networkId = "200")
            runCurrent()
            model.ask("KTOR")
            runCurrent()
            assertEquals(PriceScreen.Price("42.00"), model.screen.value)
        }
    }

    @Test
    fun nothingIsOpenInTheBackgroundNorAfterTheModel() = runTest {
        val model = model()
        model.ask("KTOR")
        runCurrent()
        assertEquals(1, server.openConnections)
        states.value = NetworkState(isAvailable = true, networkId = "100", isForeground = false)
        runCurrent()
        assertEquals(0, server.openConnections)
        states.value = NetworkState(isAvailable = true, networkId = "100")
        runCurrent()
        model.ask("KTOR")
        runCurrent()
        assertEquals(1, server.openConnections)
        model.close()
        runCurrent()
        assertEquals(0, server.openConnections)
    }
}
