package dev.wspool

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** How `wss` connections can be secured. That it is done is shown with a connector. */
class TlsConfigTest {
    @TempDir
    lateinit var folder: File

    private fun tls(configure: TlsConfig.Builder.() -> Unit) = TransportConfig { tls(configure) }.tls

    @Test
    fun whatIsNotSetIsVerifiedAsTheJvmDoes() {
        val config = TransportConfig().tls
        assertFalse(config.isInsecure)
        assertTrue(config.trusted.isEmpty())
        assertTrue(config.clientCertificates.isEmpty())
    }

    @Test
    fun theLastChoiceCounts() {
        assertFalse(tls { insecure(); verified() }.isInsecure)
        assertTrue(tls { verified(); insecure() }.isInsecure)
    }

    @Test
    fun aFileWithoutACertificateIsRefused() {
        val empty = File(folder, "empty.pem").apply { writeText("") }
        assertEquals("$empty holds no certificate", assertFailsWith<IllegalArgumentException> { tls { trust(empty) } }.message)
        val wrong = File(folder, "wrong.pem").apply { writeText("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") }
        val refusal = assertFailsWith<IllegalArgumentException> { tls { trust(wrong) } }
        assertEquals("$wrong holds no certificate that can be read", refusal.message)
    }

    @Test
    fun nonsenseIsRefused() {
        assertEquals("trust must be given a certificate", assertFailsWith<IllegalArgumentException> { tls { trust() } }.message)
        assertEquals("serverName must not be blank", assertFailsWith<IllegalArgumentException> { tls { serverName = " " } }.message)
    }
}
