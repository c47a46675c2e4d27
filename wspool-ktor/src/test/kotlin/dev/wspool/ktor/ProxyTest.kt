package dev.wspool.ktor

import dev.wspool.ConnectFailedException
import dev.wspool.Endpoint
import dev.wspool.Message
import dev.wspool.TransportConfig
import dev.wspool.ktor.internal.OwnCioConnector
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import org.junit.jupiter.api.Test
import java.net.Socket
import kotlin.concurrent.thread
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** Connections through an HTTP proxy. */
class ProxyTest {
    /** CONNECT (RFC 9110, 9.3.6), so that the proxy sees nothing of what is said. */
    @Test
    fun secureConnectionsGoThroughATunnel() {
        val keys = TestKeys.selfSigned("localhost")
        val asked = ArrayList<String>()
        ScriptedServer(keys.serverSocket(), "wss", Scripts.echo).use { server ->
            ScriptedServer {
                asked += request.lines().first()
                write("HTTP/1.1 200 Connection established\r\n\r\n".toByteArray())
                tunnel(socket, Socket("127.0.0.1", server.port))
            }.use { proxy ->
                val config = TransportConfig {
                    this.proxy = "http://127.0.0.1:${proxy.port}"
                    tls { trust(keys.certificate) }
                }
                rule(OwnCioConnector(config)) {
                    val link = open("wss://localhost:${server.port}/path?token=hunter2")
                    link.connection.send(Message.Text("hello"))
                    assertEquals(Message.Text("hello"), link.listener.awaitMessage())
                    assertEquals(listOf("CONNECT localhost:${server.port} HTTP/1.1"), asked.toList())
                }
            }
        }
    }

    @Test
    fun proxyThatRefusesATunnelIsNamed() = ScriptedServer { answer("407 Proxy Authentication Required") }.use { proxy ->
        rule(OwnCioConnector(TransportConfig { this.proxy = "http://127.0.0.1:${proxy.port}" })) {
            val failure = assertFailsWith<ConnectFailedException> { open("wss://localhost:1/path?token=hunter2") }
            assertEquals("The proxy refused a tunnel to wss://localhost:1/path", failure.message)
            assertFalse("hunter2" in failure.stackTraceToString())
        }
    }

    /** CIO would send it through the tunnel as well. */
    @Test
    fun credentialsForTheProxyAreNotSentToTheServer() = ScriptedServer { error("not called") }.use { proxy ->
        rule(OwnCioConnector(TransportConfig { this.proxy = "http://127.0.0.1:${proxy.port}" })) {
            val endpoint = Endpoint("wss://localhost:1/path", mapOf("proxy-authorization" to "Basic hunter2"))
            val failure = assertFailsWith<ConnectFailedException> { connector.connect(endpoint, listener()) }
            val words = "Proxy-Authorization for wss://localhost:1/path cannot be kept from the server by Ktor's CIO engine"
            assertEquals(words, failure.message)
            assertTrue(failure.isPermanent)
        }
    }

    private fun tunnel(one: Socket, other: Socket) {
        val back = thread(isDaemon = true) { runCatching { other.getInputStream().copyTo(one.getOutputStream()) } }
        runCatching { one.getInputStream().copyTo(other.getOutputStream()) }
        other.close()
        back.join()
    }

    /** CIO does without a tunnel there: it asks the proxy itself for the whole URL (RFC 9112, 3.2.2). */
    @Test
    fun plainConnectionsAreAskedOfTheProxy() = ScriptedServer {
        assertEquals("GET ws://localhost:1/path HTTP/1.1", request.lines().first())
        upgrade()
        awaitEnd()
    }.use { proxy ->
        rule(OwnCioConnector(TransportConfig { this.proxy = "http://127.0.0.1:${proxy.port}" })) { open("ws://localhost:1/path") }
    }
}
