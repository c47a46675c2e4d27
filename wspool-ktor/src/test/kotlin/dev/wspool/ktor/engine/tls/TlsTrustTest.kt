package dev.wspool.ktor.engine.tls

import dev.wspool.Endpoint
import dev.wspool.TlsConfig
import dev.wspool.TlsProblem
import dev.wspool.ktor.TestKeys
import dev.wspool.ktor.internal.tlsFailure
import org.junit.jupiter.api.Test
import java.security.cert.CertificateException
import javax.net.ssl.SSLException
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** Whom an engine trusts, and that what is wrong is found in what it throws. */
class TlsTrustTest {
    @BothVersions
    fun certificateThatNobodySignedIsNotTrusted(protocol: String) {
        refused(protocol, TlsEnds.KEYS, TlsProblem.Untrusted) { }
        refused(protocol, TlsEnds.KEYS, TlsProblem.Untrusted) { trust(TlsEnds.AUTHORITY.certificate) }
    }

    @BothVersions
    fun authorityThatIsGivenVouchesForItsCertificates(protocol: String) =
        accepted(protocol, SIGNED) { trust(TlsEnds.AUTHORITY.certificate) }

    @BothVersions
    fun certificateOutOfItsTimeIsRefused(protocol: String) {
        refused(protocol, EXPIRED, TlsProblem.Expired) { trust(TlsEnds.AUTHORITY.certificate) }
        refused(protocol, EARLY, TlsProblem.NotYetValid) { trust(TlsEnds.AUTHORITY.certificate) }
    }

    @BothVersions
    fun certificateOfAnotherHostIsRefusedUnlessItIsAskedFor(protocol: String) {
        refused(protocol, SIGNED, TlsProblem.WrongHost, "example.org") { trust(TlsEnds.AUTHORITY.certificate) }
        refused(protocol, SIGNED, TlsProblem.WrongHost, "localhost") {
            trust(TlsEnds.AUTHORITY.certificate)
            serverName = "example.org"
        }
        accepted(protocol, SIGNED, "example.org") {
            trust(TlsEnds.AUTHORITY.certificate)
            serverName = "localhost"
        }
    }

    @BothVersions
    fun addressIsCheckedAsOne(protocol: String) {
        accepted(protocol, ADDRESS, "127.0.0.1") { trust(ADDRESS.certificate) }
        accepted(protocol, ADDRESS, "::1") { trust(ADDRESS.certificate) }
        refused(protocol, ADDRESS, TlsProblem.WrongHost, "127.0.0.2") { trust(ADDRESS.certificate) }
        refused(protocol, TlsEnds.KEYS, TlsProblem.WrongHost, "127.0.0.1") { trust(TlsEnds.KEYS.certificate) }
    }

    @BothVersions
    fun insecureTakesAnybodyUnderAnyName(protocol: String) {
        for (keys in listOf(TlsEnds.KEYS, EXPIRED, ADDRESS)) {
            for (host in listOf("localhost", "example.org", "10.0.0.1")) {
                accepted(protocol, keys, host) { insecure() }
            }
        }
    }

    /** Trusting one name must not resume what was agreed on with another. */
    @BothVersions
    fun sessionWithOneHostIsOfNoUseForAnother(protocol: String) {
        val context = TlsEnds.context(SIGNED)
        val engines = TlsEngines(TlsEnds.tls { trust(TlsEnds.AUTHORITY.certificate) })
        TlsEnds.client(engines).shakeHands(TlsEnds.server(context, protocol))
        assertFailsWith<SSLException> { TlsEnds.client(engines, "example.org").shakeHands(TlsEnds.server(context, protocol)) }
    }

    @Test
    fun trustIsForServersThatAnEngineSpeaksTo() {
        val trust = EngineTrust(TlsEnds.tls { insecure() })
        val chain = arrayOf(SIGNED.certificate)
        assertFailsWith<CertificateException> { trust.checkClientTrusted(chain, "EC") }
        assertFailsWith<CertificateException> { trust.checkServerTrusted(chain, "EC") }
        assertEquals(0, trust.acceptedIssuers.size)
    }

    private fun accepted(protocol: String, keys: TestKeys, host: String = "localhost", tls: TlsConfig.Builder.() -> Unit) {
        val server = TlsEnds.server(TlsEnds.context(keys), protocol)
        val client = TlsEnds.client(TlsEngines(TlsEnds.tls(tls)), host).shakeHands(server)
        server.answer(client.say("hello".toByteArray()))
        assertEquals("hello", server.received.decodeToString())
    }

    private fun refused(
        protocol: String,
        keys: TestKeys,
        problem: TlsProblem,
        host: String = "localhost",
        tls: TlsConfig.Builder.() -> Unit,
    ) {
        val server = TlsEnds.server(TlsEnds.context(keys), protocol)
        val client = TlsEnds.client(TlsEngines(TlsEnds.tls(tls)), host)
        val failure = assertFailsWith<SSLException> { client.shakeHands(server) }
        val chain = generateSequence<Throwable>(failure) { it.cause }.toList()
        assertEquals(problem, Endpoint("wss://localhost/").tlsFailure(chain, null).problem, failure.toString())
        assertFalse(client.layer.isEstablished)
        val alert = client.say("secret".toByteArray())
        assertTrue("certificate" in assertFailsWith<SSLException> { server.answer(alert) }.message!!)
        assertEquals(0, server.received.size)
        client.assertIdle()
    }

    private companion object {
        val SIGNED = TlsEnds.AUTHORITY.sign("localhost", "-ext", "san=dns:localhost")
        val EXPIRED = TlsEnds.AUTHORITY.sign("localhost", "-ext", "san=dns:localhost", "-startdate", "-3d", "-validity", "1")
        val EARLY = TlsEnds.AUTHORITY.sign("localhost", "-ext", "san=dns:localhost", "-startdate", "+3d")
        val ADDRESS = TestKeys.selfSigned("whoever", "-ext", "san=ip:127.0.0.1,ip:::1", algorithm = "EC")
    }
}
