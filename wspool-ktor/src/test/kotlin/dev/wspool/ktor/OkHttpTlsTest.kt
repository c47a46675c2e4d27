package dev.wspool.ktor

import dev.wspool.Message
import dev.wspool.TlsFailedException
import dev.wspool.test.ScriptedServer
import io.ktor.client.HttpClient
import io.ktor.client.engine.okhttp.OkHttp
import io.ktor.client.engine.okhttp.OkHttpConfig
import io.ktor.client.plugins.websocket.WebSockets
import kotlinx.coroutines.CompletableDeferred
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLSocket
import javax.net.ssl.X509TrustManager
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** TLS as the user's OkHttp is told, 1.3 included. */
class OkHttpTlsTest {
    private val clients = ArrayList<HttpClient>()

    private fun client(engine: OkHttpConfig.() -> Unit = {}) = HttpClient(OkHttp) {
        install(WebSockets)
        engine(engine)
    }.also { clients += it }

    @AfterEach
    fun closeClients() = clients.forEach { it.close() }

    @Test
    fun serverThatSpeaksTls13AloneIsReachedAsCioCannot() {
        val version = CompletableDeferred<String>()
        ScriptedServer(KEYS.serverSocket(protocol = "TLSv1.3"), "wss") {
            upgrade()
            version.complete((socket as SSLSocket).session.protocol)
            text("hello")
            awaitEnd()
        }.use { server ->
            rule(OkHttpConnector(trustingClient(KEYS.trust()))) {
                val link = open("wss://localhost:${server.port}/")
                assertEquals(Message.Text("hello"), link.listener.awaitMessage())
                assertEquals("TLSv1.3", version.await())
                val session = link.connection.handshake.tlsSession!!
                assertEquals("TLSv1.3", session.protocol)
                assertEquals<List<*>>(KEYS.chain, session.peerCertificates)
                assertTrue(session.cipherSuite.startsWith("TLS_"), session.cipherSuite)
            }
        }
        ScriptedServer(KEYS.serverSocket(protocol = "TLSv1.3"), "wss") { upgrade() }.use { server ->
            rule(CioConnector(cioClient().also { clients += it })) { // its TLS ends at 1.2
                val failure = assertFailsWith<TlsFailedException> { open("wss://localhost:${server.port}/") }
                assertEquals("TLS with wss://localhost:${server.port}/ failed", failure.message)
            }
        }
    }

    @Test
    fun certificateThatNobodySignedAndThatOfAnotherHostAreRefusedForGood() {
        for ((host, client, words) in listOf(
            Triple("localhost", client(), "is not trusted"),
            Triple("other.example", trustingClient(), "is for another host"),
        )) {
            ScriptedServer(TestKeys.selfSigned(host).serverSocket(), "wss") { request }.use { server ->
                rule(OkHttpConnector(client)) {
                    val failure = assertFailsWith<TlsFailedException> { open("wss://localhost:${server.port}/?token=hunter2") }
                    assertEquals("The certificate of wss://localhost:${server.port}/ $words", failure.message)
                    assertTrue(failure.isPermanent)
                    assertFalse("hunter2" in failure.stackTraceToString())
                }
            }
        }
    }

    private fun trustingClient(trust: X509TrustManager = Trusting): HttpClient {
        val context = SSLContext.getInstance("TLS").apply { init(null, arrayOf(trust), null) }
        return client { config { sslSocketFactory(context.socketFactory, trust) } }
    }

    private companion object {
        val KEYS = TestKeys.selfSigned("localhost")
    }
}
