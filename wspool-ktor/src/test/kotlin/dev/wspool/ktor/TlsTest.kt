package dev.wspool.ktor

import dev.wspool.ConnectFailedException
import dev.wspool.TlsConfig
import dev.wspool.TlsFailedException
import dev.wspool.TlsProblem
import dev.wspool.TransportConfig
import dev.wspool.WebSocketPool
import dev.wspool.ktor.internal.OwnEngineConnector
import dev.wspool.test.Script
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.plugins.websocket.WebSockets
import kotlinx.coroutines.CompletableDeferred
import org.junit.jupiter.api.Test
import java.security.cert.Certificate
import javax.net.ssl.SSLSocket
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertTrue

/** Whom a pool trusts, and what it says where it does not. */
class TlsTest {
    @Test
    fun certificateThatNobodySignedIsNotTrusted() = refused(TestKeys.selfSigned("localhost"), TlsProblem.Untrusted, "is not trusted") { }

    @Test
    fun certificateThatIsGivenIsTrustedAndNoOther() {
        val keys = TestKeys.selfSigned("localhost")
        accepted(keys) { trust(keys.certificate) }
        accepted(keys) { trust(keys.pem()) }
        refused(TestKeys.selfSigned("localhost"), TlsProblem.Untrusted, "is not trusted") { trust(keys.certificate) }
    }

    @Test
    fun authorityThatIsGivenVouchesForItsCertificates() {
        val keys = AUTHORITY.sign("localhost", "-ext", "san=dns:localhost")
        accepted(keys) { trust(AUTHORITY.certificate) }
    }

    @Test
    fun certificateThatHasExpiredIsRefused() {
        val keys = AUTHORITY.sign("localhost", "-ext", "san=dns:localhost", "-startdate", "-3d", "-validity", "1")
        refused(keys, TlsProblem.Expired, "has expired") { trust(AUTHORITY.certificate) }
    }

    @Test
    fun certificateThatIsNotValidYetIsRefused() {
        val keys = AUTHORITY.sign("localhost", "-ext", "san=dns:localhost", "-startdate", "+3d")
        refused(keys, TlsProblem.NotYetValid, "is not valid yet") { trust(AUTHORITY.certificate) }
    }

    @Test
    fun certificateOfAnotherHostIsRefusedUnlessItIsAskedFor() {
        val keys = TestKeys.selfSigned("other.example")
        refused(keys, TlsProblem.WrongHost, "is for another host") { trust(keys.certificate) }
        accepted(keys) {
            trust(keys.certificate)
            serverName = "other.example"
        }
    }

    @Test
    fun nameInTheSubjectAloneIsNone() {
        val keys = TestKeys.selfSigned("localhost", "-ext", "ku=digitalSignature,keyEncipherment")
        refused(keys, TlsProblem.WrongHost, "is for another host") { trust(keys.certificate) }
    }

    @Test
    fun addressIsCheckedAsOne() {
        val right = TestKeys.selfSigned("whoever", "-ext", "san=ip:127.0.0.1")
        accepted(right, "127.0.0.1") { trust(right.certificate) }
        val name = TestKeys.selfSigned("localhost")
        refused(name, TlsProblem.WrongHost, "is for another host", "127.0.0.1") { trust(name.certificate) }
        val other = TestKeys.selfSigned("whoever", "-ext", "san=ip:127.0.0.2")
        refused(other, TlsProblem.WrongHost, "is for another host", "127.0.0.1") { trust(other.certificate) }
    }

    @Test
    fun insecureTakesAnybodyUnderAnyName() {
        for (host in listOf("localhost", "127.0.0.1")) {
            accepted(TestKeys.selfSigned("localhost"), host) { insecure() }
            accepted(TestKeys.selfSigned("*.other.example"), host) { insecure() }
            accepted(TestKeys.selfSigned("whoever", "-ext", "san=ip:10.0.0.1"), host) { insecure() }
        }
    }

    @Test
    fun serverIsShownTheClientsCertificate() {
        val client = TestKeys.selfSigned("ann")
        val keys = TestKeys.selfSigned("localhost")
        val shown = CompletableDeferred<String>()
        val script: Script = {
            upgrade()
            shown.complete((socket as SSLSocket).session.peerPrincipal.name)
            awaitEnd()
        }
        ScriptedServer(keys.serverSocket(clients = client), "wss", script).use { server ->
            val tls: TlsConfig.Builder.() -> Unit = {
                trust(keys.certificate)
                clientCertificate(client.store, TestKeys.PASSWORD)
            }
            rule(OwnEngineConnector(TransportConfig { tls(tls) })) {
                open("wss://localhost:${server.port}/")
                assertEquals("CN=ann", shown.await())
            }
        }
    }

    @Test
    fun serverThatAsksInVainBreaksOff() {
        val keys = TestKeys.selfSigned("localhost")
        ScriptedServer(keys.serverSocket(clients = TestKeys.selfSigned("ann")), "wss") { request }.use { server ->
            rule(OwnEngineConnector(TransportConfig { tls { trust(keys.certificate) } })) {
                assertFailsWith<ConnectFailedException> { open("wss://localhost:${server.port}/?token=hunter2") }
            }
        }
    }

    @Test
    fun suiteThatIsChosenIsUsed() {
        val keys = TestKeys.selfSigned("localhost")
        val suite = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
        val used = CompletableDeferred<String>()
        val script: Script = {
            upgrade()
            used.complete((socket as SSLSocket).session.cipherSuite)
            awaitEnd()
        }
        ScriptedServer(keys.serverSocket(), "wss", script).use { server ->
            val config = TransportConfig {
                tls {
                    trust(keys.certificate)
                    cipherSuites(suite)
                }
            }
            rule(OwnEngineConnector(config)) {
                open("wss://localhost:${server.port}/")
                assertEquals(suite, used.await())
            }
        }
    }

    @Test
    fun whatTheJvmCannotDoIsSaidWhenThePoolIsMade() {
        refusedSettings("protocols names TLSv9; the JVM has ") { protocols("TLSv9") }
        refusedSettings("cipherSuites names TLS_NONE; the JVM has ") { cipherSuites("TLS_NONE") }
    }

    @Test
    fun bothVersionsAreSpokenAndToldOf() {
        val keys = TestKeys.selfSigned("localhost")
        for (version in listOf("TLSv1.3", "TLSv1.2")) {
            ScriptedServer(keys.serverSocket(protocol = version), "wss", Scripts.listen).use { server ->
                rule(OwnEngineConnector(TransportConfig { tls { trust(keys.certificate) } })) {
                    val session = open("wss://localhost:${server.port}/").connection.handshake.tlsSession!!
                    assertEquals(version, session.protocol)
                    assertEquals(listOf<Certificate>(keys.certificate), session.peerCertificates)
                }
            }
        }
    }

    @Test
    fun versionThatTheServerDoesNotSpeakFailsForNow() {
        val keys = TestKeys.selfSigned("localhost")
        ScriptedServer(keys.serverSocket(protocol = "TLSv1.2"), "wss") { request }.use { server ->
            val tls: TlsConfig.Builder.() -> Unit = {
                trust(keys.certificate)
                protocols("TLSv1.3")
            }
            rule(OwnEngineConnector(TransportConfig { tls(tls) })) {
                val failure = assertFailsWith<TlsFailedException> { open("wss://localhost:${server.port}/") }
                assertEquals(TlsProblem.Handshake, failure.problem)
                assertFalse(failure.isPermanent)
            }
        }
    }

    @Test
    fun usersClientTrustsWhomItIsTold() {
        val client = HttpClient(CIO) {
            install(WebSockets)
            engine { https { trustManager = Trusting } }
        }
        rule(CioConnector(client)) {
            val right = TestKeys.selfSigned("localhost").serverSocket()
            ScriptedServer(right, "wss", Scripts.listen).use { open("wss://localhost:${it.port}/") }
            ScriptedServer(TestKeys.selfSigned("other.example").serverSocket(), "wss") { request }.use {
                assertTrue(assertFailsWith<TlsFailedException> { open("wss://localhost:${it.port}/") }.isPermanent)
            }
        }
        client.close()
    }

    @Test
    fun serverWithoutTlsFailsTlsForNow() = ScriptedServer(scheme = "wss") {
        socket.getInputStream().read()
        write("no TLS here".toByteArray())
    }.use { server ->
        rule { assertFalse(assertIs<ConnectFailedException>(runCatching { open(server.url) }.exceptionOrNull()).isPermanent) }
    }

    private fun accepted(keys: TestKeys, host: String = "localhost", tls: TlsConfig.Builder.() -> Unit) =
        ScriptedServer(keys.serverSocket(), "wss", Scripts.listen).use { server ->
            rule(OwnEngineConnector(TransportConfig { tls(tls) })) { open("wss://$host:${server.port}/") }
        }

    private fun refused(keys: TestKeys, problem: TlsProblem, words: String, host: String = "localhost", tls: TlsConfig.Builder.() -> Unit) =
        ScriptedServer(keys.serverSocket(), "wss") { request }.use { server ->
            rule(OwnEngineConnector(TransportConfig { tls(tls) })) {
                val failure = assertFailsWith<TlsFailedException> { open("wss://$host:${server.port}/path?token=hunter2") }
                assertEquals("The certificate of wss://$host:${server.port}/path $words", failure.message)
                assertEquals(problem, failure.problem)
                assertTrue(failure.isPermanent)
                assertFalse("hunter2" in failure.stackTraceToString())
            }
        }

    private fun refusedSettings(beginning: String, tls: TlsConfig.Builder.() -> Unit) {
        val failure = assertFailsWith<IllegalArgumentException> { WebSocketPool("wss://localhost/") { tls(tls) } }
        assertEquals(beginning, failure.message!!.take(beginning.length))
    }

    private companion object {
        val AUTHORITY = TestKeys.selfSigned("authority", "-ext", "bc:c")
    }
}
