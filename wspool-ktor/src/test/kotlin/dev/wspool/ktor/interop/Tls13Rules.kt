package dev.wspool.ktor.interop

import dev.wspool.withConnection
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals

/** A proxy that speaks TLS 1.3, and perhaps 1.2. */
internal abstract class Tls13Rules(newProxy: () -> TlsProxy) : ProxyRules(newProxy) {
    @Test
    fun version13IsSpoken() = rule("echo") { pool, _ ->
        pool.withConnection { assertEquals("TLSv1.3", handshake.tlsSession?.protocol) }
    }
}
