package dev.wspool.ktor.interop

import dev.wspool.MessageTooBigException
import dev.wspool.PoolConfig
import dev.wspool.TlsFailedException
import dev.wspool.TlsProblem
import dev.wspool.WebSocketPool
import dev.wspool.ktor.Trusting
import dev.wspool.ktor.webSocketPool
import dev.wspool.withConnection
import io.ktor.client.HttpClient
import io.ktor.client.engine.okhttp.OkHttp
import io.ktor.client.plugins.websocket.WebSockets
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Test
import javax.net.ssl.SSLContext
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs

/** A proxy that speaks TLS 1.3 alone is OkHttp's: CIO's TLS ends at 1.2. */
internal abstract class Tls13Rules(newProxy: () -> TlsProxy) : PeerRules(newProxy) {
    private val client = HttpClient(OkHttp) {
        install(WebSockets)
        val context = SSLContext.getInstance("TLSv1.3").apply { init(null, arrayOf(Trusting), null) }
        engine { config { sslSocketFactory(context.socketFactory, Trusting) } }
    }

    @AfterAll
    fun closeClient() = client.close()

    override val sizes get() = super.sizes - (16 shl 20) + (8 shl 20)

    override fun pool(url: String, configure: PoolConfig.Builder.() -> Unit) = client.webSocketPool(url, configure)

    @Test
    fun messageThatOkHttpWouldDropIsRefused() = rule("echo") { pool, _ ->
        pool.withConnection { assertFailsWith<MessageTooBigException> { send(ByteArray(16 shl 20)) } }
    }

    @Test
    fun cioSaysThatTlsFailed() = runBlocking {
        val address = peer.address("/echo/cio")
        WebSocketPool(address) { tls { peer.tls(this) } }.use { pool ->
            val failure = assertIs<TlsFailedException>(pool.warmUp(1).failures.single())
            assertEquals("TLS with $address failed", failure.message)
            assertEquals(TlsProblem.Handshake, failure.problem)
        }
    }
}
