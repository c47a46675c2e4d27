package dev.wspool.ktor.interop

import dev.wspool.MessageTooBigException
import dev.wspool.TlsFailedException
import dev.wspool.TlsProblem
import dev.wspool.withConnection
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs

/** OkHttp with a proxy that speaks TLS 1.3 alone, which CIO does not. */
internal abstract class OkHttpRules(newProxy: () -> TlsProxy) : PeerRules(newProxy, Engine::okHttp) {
    override val sizes get() = super.sizes - (16 shl 20) + (8 shl 20)

    @Test
    fun messageThatOkHttpWouldDropIsRefused() = rule("echo") { pool, _ ->
        pool.withConnection { assertFailsWith<MessageTooBigException> { send(ByteArray(16 shl 20)) } }
    }

    @Test
    fun cioSaysThatTlsFailed() = runBlocking {
        val address = peer.address("/echo/cio")
        Engine.cio().use { cio ->
            cio.pool(address, peer) { }.use { pool ->
                val failure = assertIs<TlsFailedException>(pool.warmUp(1).failures.single())
                assertEquals("TLS with $address failed", failure.message)
                assertEquals(TlsProblem.Handshake, failure.problem)
            }
        }
    }
}
