package dev.wspool.java

import dev.wspool.InBackground
import dev.wspool.NetworkLostException
import dev.wspool.NetworkState
import dev.wspool.OnNetworkLoss
import dev.wspool.assertNothingLeft
import dev.wspool.echoing
import dev.wspool.poolOf
import dev.wspool.withConnection
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertSame

/** What Java tells a pool of the phone. */
@OptIn(ExperimentalCoroutinesApi::class)
class JavaNetworkSignalTest {
    private val phone = JavaNetworkSignal(NetworkState(false), OnNetworkLoss.Fail, InBackground.Suspend)

    @Test
    fun aPoolHeedsWhatItIsTold() = runTest {
        val connector = echoing()
        val pool = poolOf(connector) { network = phone.signal() }
        assertFailsWith<NetworkLostException> { pool.borrow() }
        phone.tell(NetworkState(true, "100"))
        runCurrent()
        pool.withConnection { }
        phone.tell(NetworkState(true, "100", false))
        runCurrent()
        assertEquals(0, connector.openConnections)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun itsWaysAreSetOnce() {
        assertEquals(OnNetworkLoss.Fail, phone.signal().onLoss)
        assertEquals(InBackground.Suspend, phone.signal().inBackground)
        assertSame(phone.signal(), phone.signal())
        assertEquals("without a network callers fail, in the background: suspend", "${phone.signal()}")
    }
}
