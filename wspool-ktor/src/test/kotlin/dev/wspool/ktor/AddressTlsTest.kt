package dev.wspool.ktor

import dev.wspool.Endpoint
import dev.wspool.TlsFailedException
import dev.wspool.TlsProblem
import dev.wspool.TransportConfig
import dev.wspool.ktor.internal.OwnEngineConnector
import dev.wspool.test.ScriptedServer
import org.junit.jupiter.api.Test
import java.net.InetAddress
import javax.net.ssl.ExtendedSSLSession
import javax.net.ssl.SNIHostName
import javax.net.ssl.SSLSocket
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

/** TLS with an endpoint at an address: the certificate is that of the name. */
class AddressTlsTest {
    private val two = InetAddress.getByName("127.0.0.2")

    @Test
    fun nameIsAskedForAndItsCertificateTaken() {
        val keys = TestKeys.selfSigned("nowhere.invalid")
        ScriptedServer(keys.serverSocket(), "wss") {
            upgrade()
            val asked = ((socket as SSLSocket).session as ExtendedSSLSession).requestedServerNames.single() as SNIHostName
            text("${asked.asciiName} at ${socket.localAddress.hostAddress}")
            awaitEnd()
        }.use { server ->
            rule(trusting(keys)) {
                val link = open(Endpoint("wss://nowhere.invalid:${server.port}/path").at(two))
                assertEquals("nowhere.invalid at 127.0.0.2", link.text())
            }
        }
    }

    @Test
    fun certificateOfTheAddressIsNone() {
        val keys = TestKeys.selfSigned("whoever", "-ext", "san=ip:127.0.0.2")
        ScriptedServer(keys.serverSocket(), "wss") { request }.use { server ->
            rule(trusting(keys)) {
                val endpoint = Endpoint("wss://nowhere.invalid:${server.port}/path?token=hunter2").at(two)
                val failure = assertFailsWith<TlsFailedException> { open(endpoint) }
                assertEquals(TlsProblem.WrongHost, failure.problem)
                assertEquals("The certificate of $endpoint is for another host", failure.message)
            }
        }
    }

    private fun trusting(keys: TestKeys) = OwnEngineConnector(TransportConfig { tls { trust(keys.certificate) } })
}
