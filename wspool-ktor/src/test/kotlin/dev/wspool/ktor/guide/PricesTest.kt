package dev.wspool.ktor.guide

import dev.wspool.ConnectionLostException
import dev.wspool.Endpoint
import dev.wspool.ReceiveTimeoutException
import dev.wspool.WebSocketPool
import dev.wspool.test.FakeConnector
import dev.wspool.test.FaultyProxy
import dev.wspool.test.PeerFrame
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts.closeWith
import dev.wspool.test.Scripts.silentAfterAccept
import dev.wspool.withConnection
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What is to be tested: asks a server for a price, and has none where the server cannot tell. */
class Prices(private val pool: WebSocketPool) {
    suspend fun of(symbol: String): String? = try {
        pool.withConnection {
            send(symbol)
            receiveText(timeout = 3.seconds)
        }
    } catch (_: ConnectionLostException) {
        null // the server went away
    } catch (_: ReceiveTimeoutException) {
        null // it took too long
    }
}

@OptIn(ExperimentalCoroutinesApi::class) // virtual time
class PricesTest {
    // The test is the network and the server, and the time is virtual

    private val connector = FakeConnector(autoConnect = true)

    private fun TestScope.prices() = Prices(
        WebSocketPool(connector, Endpoint("ws://fake")) {
            parent = backgroundScope
            dispatcher = StandardTestDispatcher(testScheduler)
            timeSource = testScheduler.timeSource
        },
    )

    @Test
    fun aPriceIsAskedForAndTold() = runTest {
        val price = async { prices().of("EURUSD") }
        connector.awaitOpenConnections(1)
        val server = connector.connections.single()
        server.awaitSent()
        server.receives("1.0842")
        assertEquals("1.0842", price.await())
    }

    @Test
    fun aServerThatDoesNotAnswerHasNoPrice() = runTest {
        assertNull(prices().of("EURUSD"))
        assertEquals(3_000, currentTime) // and took no time at all
    }

    // Real sockets: a server that plays a script

    @Test
    fun aServerThatGoesAwayHasNoPrice() = ScriptedServer {
        upgrade()
        receive(PeerFrame.TEXT)
        closeWith(1001, "restart")(this)
    }.use { server ->
        WebSocketPool(server.url).use { pool ->
            runBlocking { assertNull(Prices(pool).of("EURUSD")) }
        }
    }

    @Test
    fun aDialThatNobodyAnswersIsToldByWarmUp() = ScriptedServer(silentAfterAccept).use { server ->
        WebSocketPool(server.url) { connectTimeout = 200.milliseconds }.use { pool ->
            val failure = runBlocking { pool.warmUp(1).failures.single() }
            val how = "the WebSocket handshake was not answered"
            assertEquals("${server.url} did not answer within 200ms (connectTimeout): $how", failure.message)
        }
    }

    // Real sockets: a network that breaks

    @Test
    fun aNetworkThatBreaksHasNoPriceAndOneThatHealsHas() {
        val asked = Channel<String>(Channel.UNLIMITED)
        val server = ScriptedServer {
            upgrade()
            for (frame in frames()) {
                asked.trySend(frame.payload.decodeToString())
                reply(frame)
            }
        }
        val proxy = FaultyProxy(server.port)
        val pool = WebSocketPool(proxy.through(server.url))
        runBlocking {
            assertEquals("EURUSD", Prices(pool).of("EURUSD"))
            proxy.downstream.isStalled = true // what the server says does not arrive
            val price = async { Prices(pool).of("USDJPY") }
            while (asked.receive() != "USDJPY") continue
            proxy.reset()
            assertNull(price.await())
            proxy.downstream.isStalled = false
            assertEquals("USDJPY", Prices(pool).of("USDJPY"))
            pool.close()
            pool.awaitClosed()
        }
        proxy.close()
        server.close()
    }
}
