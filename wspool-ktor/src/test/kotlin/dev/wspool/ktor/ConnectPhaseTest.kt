package dev.wspool.ktor

import dev.wspool.ConnectTimeoutException
import dev.wspool.PoolConfig
import dev.wspool.WebSocketPool
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.time.Duration.Companion.seconds

/** A connect that takes too long says how far it has come. */
class ConnectPhaseTest {
    /** A host whose queue of connections is full drops what asks for one more. */
    @Test
    fun hostThatDoesNotAnswerTcpIsToldFromAServerThatDoesNot() = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { server ->
        val fillers = ArrayList<Socket>()
        try {
            while (runCatching { fillers += Socket().apply { connect(server.localSocketAddress, 200) } }.isSuccess) {
                check(fillers.size < 100) { "The queue does not fill" }
            }
            assertTimesOut("ws://127.0.0.1:${server.localPort}/path", "1s (connectTimeout): TCP did not connect")
        } finally {
            fillers.forEach { it.close() }
        }
    }

    @Test
    fun serverThatDoesNotAnswerTlsIsTold() = ScriptedServer(scheme = "wss", script = Scripts.silentAfterAccept).use { server ->
        assertTimesOut(server.url, "10s (connectTimeout): the TLS handshake was not done") { connectTimeout = LONG }
    }

    @Test
    fun serverThatDoesNotAnswerTheUpgradeIsTold() = ScriptedServer(Scripts.silentAfterAccept).use { server ->
        assertTimesOut(server.url, "1s (connectTimeout): the WebSocket handshake was not answered")
    }

    @Test
    fun serverThatDoesNotAnswerTheUpgradeOverTlsIsToldFromOneThatDoesNotAnswerTls() {
        val keys = TestKeys.selfSigned("localhost")
        ScriptedServer(keys.serverSocket(), "wss") {
            request
            awaitEnd()
        }.use { server ->
            val words = "10s (connectTimeout): the WebSocket handshake was not answered"
            assertTimesOut("wss://localhost:${server.port}/path", words) {
                connectTimeout = LONG
                tls { trust(keys.certificate) }
            }
        }
    }

    private fun assertTimesOut(url: String, words: String, configure: PoolConfig.Builder.() -> Unit = {}) = runBlocking {
        val pool = WebSocketPool("$url?token=hunter2") {
            connectTimeout = 1.seconds
            configure()
        }
        try {
            val failure = assertIs<ConnectTimeoutException>(pool.warmUp(1).failures.single()) // however late that comes
            assertEquals("$url did not answer within $words", failure.message)
        } finally {
            pool.close()
            pool.awaitClosed()
        }
    }

    private companion object {
        /** The first use of TLS in a JVM may take more than a second, before TCP connects. */
        val LONG = 10.seconds
    }
}
