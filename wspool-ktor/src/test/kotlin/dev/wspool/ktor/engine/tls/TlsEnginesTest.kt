package dev.wspool.ktor.engine.tls

import dev.wspool.TlsConfig
import dev.wspool.ktor.TestKeys
import org.junit.jupiter.api.Test
import javax.net.ssl.ExtendedSSLSession
import javax.net.ssl.SNIHostName
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLException
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** What an engine is made with: versions, suites, names, sessions, and the client's own certificate. */
class TlsEnginesTest {
    @Test
    fun tls13And12AreOfferedAndNothingBelow() =
        assertEquals(listOf("TLSv1.3", "TLSv1.2"), TlsEngines(TlsEnds.tls()).engine("localhost", 1).enabledProtocols.toList())

    @Test
    fun versionThatIsChosenIsUsed() {
        val engines = engines { protocols("TLSv1.2") }
        val server = TlsEnds.server()
        server.engine.enabledProtocols = arrayOf("TLSv1.3", "TLSv1.2")
        assertEquals("TLSv1.2", TlsEnds.client(engines).shakeHands(server).layer.session().protocol)
        assertFailsWith<SSLException> { TlsEnds.client(engines).shakeHands(TlsEnds.server()) }
    }

    @Test
    fun suiteThatIsChosenIsUsed() {
        for (suite in listOf("TLS_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")) {
            val server = TlsEnds.server(protocol = if ("_WITH_" in suite) "TLSv1.2" else "TLSv1.3")
            assertEquals(suite, TlsEnds.client(engines { cipherSuites(suite) }).shakeHands(server).layer.session().cipherSuite)
        }
    }

    @Test
    fun whatTheJvmHasNotIsSaidWhenTheyAreMade() {
        val protocols = assertFailsWith<IllegalArgumentException> { engines { protocols("TLSv1.3", "TLSv9") } }
        assertContains(protocols.message!!, Regex("^protocols names TLSv9; the JVM has .*TLSv1.2"))
        val suites = assertFailsWith<IllegalArgumentException> { engines { cipherSuites("TLS_AES_128_GCM_SHA256", "ROT13", "ROT26") } }
        assertContains(suites.message!!, Regex("^cipherSuites names ROT13, ROT26; the JVM has .*TLS_AES_128_GCM_SHA256"))
    }

    @BothVersions
    fun serverIsToldTheNameThatIsAskedFor(protocol: String) {
        assertEquals("localhost", nameThatIsSent(protocol, "localhost"))
        assertEquals("ws.example.org", nameThatIsSent(protocol, "ws.example.org"))
        assertEquals("ws.example.org", nameThatIsSent(protocol, "ws.example.org."))
        assertEquals("xn--bcher-kva.example", nameThatIsSent(protocol, "bücher.example"))
        assertEquals("other.example", nameThatIsSent(protocol, "localhost") { serverName = "other.example" })
        assertEquals("other.example", nameThatIsSent(protocol, "127.0.0.1") { serverName = "other.example" })
    }

    /** As the JDK's own client does; its server breaks off where such a name is sent. */
    @BothVersions
    fun nameThatIsNoHostNameIsNotSent(protocol: String) = assertEquals(null, nameThatIsSent(protocol, "my_service"))

    /** RFC 6066, 3. */
    @BothVersions
    fun addressIsNeverSentAsAName(protocol: String) {
        for (address in listOf("127.0.0.1", "::1", "2001:db8::7")) assertEquals(null, nameThatIsSent(protocol, address))
        assertEquals(null, nameThatIsSent(protocol, "localhost") { serverName = "10.0.0.1" })
    }

    /** A session that is resumed has what was put into the first, as it was the first's that is resumed. */
    @BothVersions
    fun sessionIsResumedWithTheSameHostAndPort(protocol: String) {
        val context = TlsEnds.context()
        val engines = TlsEngines(TlsEnds.tls())
        val first = connect(engines, context, protocol)
        first.engine.session.putValue(MARK, "first")
        repeat(3) {
            val next = connect(engines, context, protocol)
            assertEquals("first", next.engine.session.getValue(MARK))
            assertEquals(first.engine.session.creationTime, next.engine.session.creationTime)
            assertEquals(listOf(TlsEnds.KEYS.certificate), next.layer.session().peerCertificates)
            next.assertIdle()
        }
    }

    @BothVersions
    fun sessionOfAnotherPortOrOtherSettingsIsNotResumed(protocol: String) {
        val context = TlsEnds.context()
        val engines = TlsEngines(TlsEnds.tls())
        connect(engines, context, protocol).engine.session.putValue(MARK, "first")
        assertNull(connect(engines, context, protocol, port = 444).engine.session.getValue(MARK))
        assertNull(connect(TlsEngines(TlsEnds.tls()), context, protocol).engine.session.getValue(MARK))
    }

    @BothVersions
    fun sessionsThatCannotBeFoundAgainAreNotKept(protocol: String) {
        val context = TlsEnds.context()
        val engines = TlsEngines(TlsEnds.tls())
        val kept = (1..100).map { connect(engines, context, protocol, port = it) }.first().engine.session.sessionContext.ids.toList()
        assertTrue(kept.size <= 64, "${kept.size}")
    }

    @BothVersions
    fun serverIsShownTheCertificateThatItAsksFor(protocol: String) {
        for (client in listOf(RSA_CLIENT, EC_CLIENT)) {
            // It names the issuers that it takes: of the two, one will do.
            val server = TlsEnds.server(TlsEnds.context(clients = client), protocol, needsClient = true)
            TlsEnds.client(engines { bothCertificates() }).shakeHands(server)
            assertEquals(client.certificate, server.engine.session.peerCertificates.first())
        }
    }

    @BothVersions
    fun certificateOfAnIssuerIsShownWithItsChain(protocol: String) {
        val client = TlsEnds.AUTHORITY.sign("ann")
        val server = TlsEnds.server(TlsEnds.context(clients = TlsEnds.AUTHORITY), protocol, needsClient = true)
        TlsEnds.client(engines { clientCertificate(client.chain, client.key) }).shakeHands(server)
        assertEquals<List<Any>>(client.chain, server.engine.session.peerCertificates.toList())
    }

    @BothVersions
    fun serverThatAsksInVainBreaksOff(protocol: String) {
        val certificates = listOf<TlsConfig.Builder.() -> Unit>({}, { clientCertificate(EC_CLIENT.chain, EC_CLIENT.key) })
        for (certificate in certificates) {
            val server = TlsEnds.server(TlsEnds.context(clients = RSA_CLIENT), protocol, needsClient = true)
            val client = TlsEnds.client(engines(certificate))
            var failed: SSLException? = null
            val answer = client.answer(server.answer(client.answer(ByteArray(0))))
            try {
                server.answer(answer)
            } catch (failure: SSLException) {
                failed = failure
            }
            assertNotEquals(null, failed)
            assertFailsWith<SSLException> { client.answer(server.answer(ByteArray(0))) }
            client.assertIdle()
        }
    }

    private fun engines(change: TlsConfig.Builder.() -> Unit) = TlsEngines(
        TlsEnds.tls {
            trust(TlsEnds.KEYS.certificate)
            change()
        },
    )

    private fun TlsConfig.Builder.bothCertificates() {
        clientCertificate(RSA_CLIENT.chain, RSA_CLIENT.key)
        clientCertificate(EC_CLIENT.store, TestKeys.PASSWORD)
    }

    private fun nameThatIsSent(protocol: String, host: String, change: TlsConfig.Builder.() -> Unit = {}): String? {
        val server = TlsEnds.server(protocol = protocol)
        val engines = TlsEngines(
            TlsEnds.tls {
                insecure()
                change()
            },
        )
        TlsEnds.client(engines, host).shakeHands(server)
        val names = (server.engine.session as ExtendedSSLSession).requestedServerNames
        return names.singleOrNull()?.let { (it as SNIHostName).asciiName }
    }

    private fun connect(engines: TlsEngines, context: SSLContext, protocol: String, port: Int = 443): TlsClient =
        TlsClient(engines.engine("localhost", port)).shakeHands(TlsEnds.server(context, protocol))

    private companion object {
        const val MARK = "mark"
        val RSA_CLIENT = TestKeys.selfSigned("rob")
        val EC_CLIENT = TestKeys.selfSigned("eve", algorithm = "EC")
    }
}
