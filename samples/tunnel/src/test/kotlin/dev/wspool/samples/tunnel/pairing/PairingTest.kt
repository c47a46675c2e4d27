package dev.wspool.samples.tunnel.pairing

import dev.wspool.samples.tunnel.Address
import io.ktor.network.selector.SelectorManager
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** Two processes call a connection by the same name, whatever becomes of the connections and of the processes. */
@Tag("pairing")
@Timeout(180)
class PairingTest {
    private fun pairing(rule: (server: Peer, client: Peer, proxy: CuttingProxy) -> Unit) = runBlocking(Dispatchers.IO) {
        SelectorManager(Dispatchers.IO).use { selector ->
            Peer(PairingServer::class.java) { it ?: "0" }.use { server ->
                val proxy = CuttingProxy(selector, Address("127.0.0.1", server.greeting.toInt()), each = 10).apply { listen() }
                val running = launch { proxy.run() }
                try {
                    Peer(PairingClient::class.java) { "${proxy.port}" }.use { client -> rule(server, client, proxy) }
                } finally {
                    running.cancel()
                }
            }
        }
    }

    /** Each of [count] ids was used once, and by both ends for the same connection. */
    private fun assertPaired(count: Int, answer: String) {
        assertTrue(Regex("paired $count lost \\d+ wrong 0").matches(answer), answer)
    }

    private fun assertSettled(vararg peers: Peer) = peers.forEach { assertEquals("settled", it.ask("settle")) }

    @Test
    fun tenThousandPairUpsWhileConnectionsAreCut() = pairing { server, client, proxy ->
        assertSettled(server, client)
        val answer = server.ask("pair 10000")
        println("$answer, ${proxy.cut} cut")
        assertPaired(10_000, answer)
        assertEquals("0", client.ask("twice"))
        assertTrue(proxy.cut.get() > 900, "${proxy.cut} cut")
        assertSettled(server, client)
    }

    @Test
    fun eitherEndIsKilledAndStartedAgainAndNoConnectionIsStranded() = pairing { server, client, _ ->
        assertSettled(server, client)
        server.tell("pair 1000")
        client.restart()
        assertPaired(1_000, server.answer())
        assertSettled(server, client)

        server.tell("pair 1000")
        server.restart()
        assertPaired(500, server.ask("pair 500"))
        assertEquals("0", client.ask("twice"))
        assertSettled(server, client)
    }
}
