package dev.wspool.samples.android

import dev.wspool.NetworkState
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** From what Android calls back to what a pool is told. */
@OptIn(ExperimentalCoroutinesApi::class)
class PhoneStatesTest {
    private val network = DefaultNetwork(initial = null)
    private val activities = ForegroundCount()

    @Test
    fun eachChangeIsTold() = runTest {
        val states = phoneStates(network.handle, activities.isForeground, backgroundScope)
        val told = ArrayList<NetworkState>()
        backgroundScope.launch { states.toList(told) }
        advanceTimeBy(1.seconds)
        activities.started()
        runCurrent()
        network.available(100)
        runCurrent()
        network.available(200)
        network.lost(100) // after the other has come
        runCurrent()
        network.lost(200)
        runCurrent()
        assertEquals(
            listOf(
                NetworkState(isAvailable = false, isForeground = false),
                NetworkState(isAvailable = false),
                NetworkState(isAvailable = true, networkId = "100"),
                NetworkState(isAvailable = true, networkId = "200"),
                NetworkState(isAvailable = false),
            ),
            told,
        )
    }

    @Test
    fun anAppIsInTheBackgroundOnceItsLastActivityHasBeenStoppedForAWhile() = runTest {
        val states = phoneStates(network.handle, activities.isForeground, backgroundScope)
        activities.started()
        runCurrent()
        activities.started() // the next screen, before the one below it is stopped
        activities.stopped()
        advanceTimeBy(10.seconds)
        assertEquals(true, states.value.isForeground)
        activities.stopped() // the phone is turned
        advanceTimeBy(500.milliseconds)
        activities.started()
        advanceTimeBy(10.seconds)
        assertEquals(true, states.value.isForeground)
        activities.stopped()
        advanceTimeBy(1.seconds)
        assertEquals(false, states.value.isForeground)
    }
}
