package dev.wspool.ktor

import dev.wspool.ConnectFailedException
import dev.wspool.Endpoint
import dev.wspool.Message
import dev.wspool.TransportConfig
import dev.wspool.ktor.internal.OwnEngineConnector
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
                rule(OwnEngineConnector(config)) {
                    val link = open("wss://localhost:${server.port}/path?token=hunter2")
                    link.connection.send(Message.Text("hello"))
                    assertEquals(Message.Text("hello"), link.listener.awaitMessage())
                    assertEquals(listOf("CONNECT localhost:${server.port} HTTP/1.1"), asked.toList())
                }
            }
        }
    }

    /** RFC 9110, 9.3.6 and 15.2. */
    @Test
    fun anySuccessOfAProxyIsATunnelAlsoBehindAnInterimAnswer() {
        for (answer in listOf("HTTP/1.1 204 Go on\r\nX-Proxy: yes\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n\r\n")) {
            ScriptedServer(Scripts.echo).use { server ->
                ScriptedServer {
                    request
                    write(answer.toByteArray())
                    tunnel(socket, Socket("127.0.0.1", server.port))
                }.use { proxy ->
                    rule(OwnEngineConnector(TransportConfig { this.proxy = "http://127.0.0.1:${proxy.port}" })) {
                        val link = open(server.url)
                        link.connection.send(Message.Text("hello"))
                        assertEquals(Message.Text("hello"), link.listener.awaitMessage())
                    }
                }
            }
        }
    }

    @Test
    fun proxyThatRefusesATunnelIsNamed() = ScriptedServer { answer("407 Proxy Authentication Required") }.use { proxy ->
        rule(OwnEngineConnector(TransportConfig { this.proxy = "http://127.0.0.1:${proxy.port}" })) {
            val failure = assertFailsWith<ConnectFailedException> { open("wss://localhost:1/path?token=hunter2") }
            assertEquals("The proxy refused a tunnel to wss://localhost:1/path with status 407", failure.message)
            assertFalse("hunter2" in failure.stackTraceToString())
        }
    }

    @Test
    fun credentialsForTheProxyAreSentToNobodyElse() {
        val heads = ArrayList<String>()
        ScriptedServer {
            heads += request
            upgrade()
            awaitEnd()
        }.use { server ->
            ScriptedServer {
                heads += request
                write("HTTP/1.1 200 Connection established\r\n\r\n".toByteArray())
                tunnel(socket, Socket("127.0.0.1", server.port))
            }.use { proxy ->
                rule(OwnEngineConnector(TransportConfig { this.proxy = "http://127.0.0.1:${proxy.port}" })) {
                    val endpoint = Endpoint("ws://localhost:${server.port}/path", mapOf("proxy-authorization" to "Basic hunter2"))
                    connector.connect(endpoint, listener())
                    assertEquals(listOf(true, false), heads.map { "hunter2" in it }, "$heads")
                }
            }
        }
    }

    @Test
    fun passwordInTheProxysUrlIsSentToTheProxy() = ScriptedServer {
        answer(if ("Proxy-Authorization: Basic YW5uOnMzY3JldEA=" in request) "403 Forbidden" else "407 Proxy Authentication Required")
    }.use { proxy ->
        rule(OwnEngineConnector(TransportConfig { this.proxy = "http://ann:s3cret%40@127.0.0.1:${proxy.port}" })) {
            val failure = assertFailsWith<ConnectFailedException> { open("wss://localhost:1/path") }
            assertEquals("The proxy refused a tunnel to wss://localhost:1/path with status 403", failure.message)
            assertFalse("s3cret" in failure.stackTraceToString())
        }
    }

    private fun tunnel(one: Socket, other: Socket) {
        val back = thread(isDaemon = true) { runCatching { other.getInputStream().copyTo(one.getOutputStream()) } }
        runCatching { one.getInputStream().copyTo(other.getOutputStream()) }
        other.close()
        back.join()
    }

    /** RFC 6455, 4.1, 3: also without TLS. */
    @Test
    fun plainConnectionsGoThroughATunnelToo() {
        val asked = ArrayList<String>()
        ScriptedServer {
            asked += request.lines().first()
            answer("403 Forbidden")
        }.use { proxy ->
            rule(OwnEngineConnector(TransportConfig { this.proxy = "http://127.0.0.1:${proxy.port}" })) {
                assertFailsWith<ConnectFailedException> { open("ws://[::1]:1/path") }
                assertEquals(listOf("CONNECT [::1]:1 HTTP/1.1"), asked.toList())
            }
        }
    }
}
