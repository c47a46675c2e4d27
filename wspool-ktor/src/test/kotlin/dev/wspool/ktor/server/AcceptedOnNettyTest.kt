package dev.wspool.ktor.server

import dev.wspool.AcceptedPool
import dev.wspool.Backoff
import dev.wspool.BorrowTimeoutException
import dev.wspool.ConnectFailedException
import dev.wspool.PoolException
import dev.wspool.TlsConfig
import dev.wspool.WebSocketPool
import dev.wspool.ktor.TestKeys
import dev.wspool.ktor.testThreads
import dev.wspool.withConnection
import io.ktor.server.application.serverConfig
import io.ktor.server.engine.applicationEnvironment
import io.ktor.server.engine.embeddedServer
import io.ktor.server.engine.sslConnector
import io.ktor.server.netty.Netty
import io.ktor.server.routing.routing
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import java.security.KeyStore
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** A pool that accepts on Ktor's Netty, whose TLS asks clients for their certificates. */
class AcceptedOnNettyTest {
    private val pool = AcceptedPool { maxConnections = 3 }

    @Test
    fun whoShowsACertificateIsLetInAndNobodyElse() = secured { url ->
        client(url) { clientCertificate(CLIENT.chain, CLIENT.key) }.use { known ->
            val client = known.borrow(30.seconds) // before it is spoken to
            val answering = launch { client.use { it.send(it.receiveText().uppercase()) } }
            pool.withConnection(30.seconds) {
                send("hello")
                assertEquals("HELLO", receiveText())
            }
            answering.join()
        }
        for (stranger in listOf(client(url) {}, client(url) { clientCertificate(STRANGER.chain, STRANGER.key) })) {
            stranger.use {
                val failure = assertFailsWith<PoolException> { it.borrow(3.seconds) }
                assertIs<ConnectFailedException>(if (failure is BorrowTimeoutException) failure.cause else failure)
            }
        }
        assertTrue(pool.stats.created + pool.stats.connectFailures <= 1, "${pool.stats}")
    }

    private fun client(url: String, credentials: TlsConfig.Builder.() -> Unit) = WebSocketPool(url) {
        backoff = Backoff(1.seconds, 3.seconds)
        tls {
            trust(SERVER.certificate)
            credentials()
        }
    }

    private fun secured(test: suspend CoroutineScope.(url: String) -> Unit) {
        val known = KeyStore.getInstance("PKCS12").apply {
            load(null, null)
            setCertificateEntry("client", CLIENT.certificate)
        }
        val application = serverConfig(applicationEnvironment()) { module { routing { webSocketPool("/pool", pool) } } }
        val server = embeddedServer(Netty, application) {
            sslConnector(SERVER.store, "test", { TestKeys.PASSWORD.clone() }, { TestKeys.PASSWORD.clone() }) {
                port = 0
                host = "127.0.0.1"
                trustStore = known
            }
        }
        server.start()
        try {
            runBlocking(testThreads) {
                val port = server.engine.resolvedConnectors().first().port
                withTimeout(60.seconds) { test("wss://localhost:$port/pool") }
            }
        } finally {
            server.stop(0, 0)
            pool.close()
        }
    }

    private companion object {
        val SERVER = TestKeys.selfSigned("localhost")
        val CLIENT = TestKeys.selfSigned("ann")
        val STRANGER = TestKeys.selfSigned("eve")
    }
}
