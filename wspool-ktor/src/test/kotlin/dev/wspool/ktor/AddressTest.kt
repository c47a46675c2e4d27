package dev.wspool.ktor

import dev.wspool.ConnectFailedException
import dev.wspool.ConnectRefusedException
import dev.wspool.Endpoint
import dev.wspool.Message
import dev.wspool.TransportConfig
import dev.wspool.WebSocketPool
import dev.wspool.ktor.engine.WebSocketsEngine
import dev.wspool.ktor.internal.OwnEngineConnector
import dev.wspool.test.PeerFrame
import dev.wspool.test.Script
import dev.wspool.test.ScriptedServer
import dev.wspool.transport.Connector
import dev.wspool.withConnection
import io.ktor.client.HttpClient
import io.ktor.client.engine.okhttp.OkHttp
import io.ktor.client.plugins.websocket.WebSockets
import org.junit.jupiter.api.Test
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

/** Endpoints at an address. The name resolves to nothing, and all of 127.0.0.0/8 is this machine, on Linux. */
class AddressTest {
    private val one = InetAddress.getByName("127.0.0.1")
    private val two = InetAddress.getByName("127.0.0.2")

    /** Says where it is, and what the client calls it, when it is asked: a pool closes a connection that speaks before. */
    private val introduction: Script = {
        upgrade()
        receive(PeerFrame.TEXT)
        text("${socket.localAddress.hostAddress} as ${header("Host")}")
        awaitEnd()
    }

    private fun server(address: InetAddress, port: Int = 0, script: Script = introduction) =
        ScriptedServer(ServerSocket(port, 50, address), script = script)

    private suspend fun Stage.Link.whoIsThere(): String {
        connection.send(Message.Text("who?"))
        return text()
    }

    private fun nowhere(port: Int) = Endpoint("ws://nowhere.invalid:$port/path?token=hunter2")

    @Test
    fun connectionIsMadeToTheAddressUnderTheHostsName() = server(one).use { first ->
        server(two, first.port).use {
            rule {
                for (address in listOf(two, one, two)) {
                    val link = open(nowhere(first.port).at(address))
                    assertEquals("${address.hostAddress} as nowhere.invalid:${first.port}", link.whoIsThere())
                    assertEquals(InetSocketAddress(address, first.port), link.connection.remoteAddress)
                }
            }
        }
    }

    @Test
    fun poolIsAtTheAddressOfItsEndpoint() = server(two).use { server ->
        rule {
            val pool = WebSocketPool(connector, nowhere(server.port).at(two)) { maxConnections = 1 }
            assertEquals("127.0.0.2 as nowhere.invalid:${server.port}", pool.withConnection { send("who?"); receiveText() })
            pool.close()
            pool.awaitClosed()
        }
    }

    @Test
    fun otherAddressesOfTheHostAreNotTried() = server(one).use { server ->
        rule {
            val endpoint = Endpoint("ws://localhost:${server.port}/?token=hunter2").at(two)
            val failure = assertFailsWith<ConnectRefusedException> { open(endpoint) }
            assertEquals("ws://localhost:${server.port}/ at 127.0.0.2 refused the connection", failure.message)
            assertEquals(0, server.accepted)
        }
    }

    @Test
    fun hostOfARedirectionIsLookedUp() = server(one).use { target ->
        server(two) { answer("302 Found", mapOf("Location" to "ws://localhost:${target.port}/")) }.use { server ->
            redirected(nowhere(server.port), "127.0.0.1 as localhost:${target.port}")
        }
    }

    @Test
    fun redirectionWithinTheHostStaysAtTheAddress() = server(two).use { target ->
        server(two) { answer("302 Found", mapOf("Location" to "ws://nowhere.invalid:${target.port}/")) }.use { server ->
            redirected(nowhere(server.port), "127.0.0.2 as nowhere.invalid:${target.port}")
        }
    }

    private fun redirected(endpoint: Endpoint, end: String) = HttpClient(WebSocketsEngine) { install(WebSockets) }.use { client ->
        rule(WebSocketsEngineConnector(client)) {
            assertEquals(end, open(endpoint.at(two)).whoIsThere())
        }
    }

    @Test
    fun proxyIsNotAskedForAnAddress() = server(two) { answer("502 Bad Gateway") }.use { proxy ->
        val connector = OwnEngineConnector(TransportConfig { this.proxy = "http://127.0.0.2:${proxy.port}" })
        refused(connector, "through a proxy, which looks the host up itself: leave out the proxy, or the address")
        assertEquals(0, proxy.accepted)
    }

    @Test
    fun otherEnginesRefuseAnAddress() {
        val advice = "which looks the host up itself: use HttpClient(WebSocketsEngine), or leave out the address"
        cioClient().use { refused(CioConnector(it), "with CIO, $advice") }
        HttpClient(OkHttp) { install(WebSockets) }.use { refused(OkHttpConnector(it), "with OkHttp, $advice") }
    }

    private fun refused(connector: Connector, how: String) = server(two).use { server ->
        rule(connector) {
            val failure = assertFailsWith<ConnectFailedException> { open(nowhere(server.port).at(two)) }
            assertEquals("ws://nowhere.invalid:${server.port}/path at 127.0.0.2 cannot be connected to $how", failure.message)
            assertTrue(failure.isPermanent)
            assertEquals(0, server.accepted)
        }
    }
}
