package dev.wspool.ktor.interop

import dev.wspool.withConnection
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals

/** A proxy that speaks TLS 1.2 and no other. */
internal abstract class Tls12Rules(newProxy: () -> TlsProxy) : ProxyRules(newProxy) {
    @Test
    fun version12IsSpoken() = rule("echo") { pool, _ ->
        pool.withConnection { assertEquals("TLSv1.2", handshake.tlsSession?.protocol) }
    }
}
