package dev.wspool

import dev.wspool.internal.Connectors
import dev.wspool.transport.redact
import dev.wspool.transport.redacted
import org.junit.jupiter.api.Test
import java.io.IOException
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue
import kotlin.time.Duration

class ValueTypesTest {
    private val endpoint = Endpoint("wss://user:pa55word@host.example:8443/v2?key=s3cr3t-k3y&x=1")

    @Test
    fun endpointShowsNoSecret() {
        assertEquals("wss://host.example:8443/v2", endpoint.toString())
        assertEquals("host.example", endpoint.host)
        assertEquals(8443, endpoint.port)
        assertEquals(443, Endpoint("wss://h").port)
        assertEquals(80, Endpoint("ws://[::1]/").port)
        assertEquals("::1", Endpoint("ws://[::1]/").host)
        assertEquals(Endpoint("ws://h"), Endpoint("ws://h"))
        assertEquals(Endpoint("ws://h").hashCode(), Endpoint("ws://h").hashCode())
    }

    @Test
    fun urlThatMakesNoSenseIsRefusedWithoutBeingQuoted() {
        fun refusal(url: String) = assertFailsWith<IllegalArgumentException> { Endpoint(url) }.message
        assertEquals("url must begin with ws:// or wss://, not http:", refusal("http://host"))
        assertEquals("url must begin with ws:// or wss://, not without a scheme", refusal("host"))
        assertEquals("url names no host: ws:///path", refusal("ws:///path"))
        assertEquals("url is not a valid URL (it is not shown, as it may hold secrets)", refusal("ws://h/ ?key=s3cr3t"))
    }

    @Test
    fun foreignTextIsShownWithoutSecrets() {
        assertEquals("at wss://host.example:8443/v2 with ***", endpoint.redact("at ${endpoint.url} with s3cr3t-k3y"))
        assertEquals("see http://h/p", endpoint.redact("see http://me:too@h/p?q=1"))
        val failure = IOException("GET ${endpoint.url}", IllegalStateException("pa55word")).apply { addSuppressed(IOException("user")) }
        val shown = endpoint.redacted(failure).stackTraceToString()
        assertTrue("java.io.IOException: GET wss://host.example:8443/v2" in shown, shown)
        assertFalse("s3cr3t" in shown || "pa55word" in shown, shown)
    }

    @Test
    fun messagesAreEqualByContentAndShowNone() {
        assertEquals(Message.Text("abc"), Message.Text("abc"))
        assertEquals(Message.Text("abc").hashCode(), Message.Text("abc").hashCode())
        assertEquals("Text(3 chars)", Message.Text("abc").toString())
        assertEquals(Message.Binary(byteArrayOf(1)), Message.Binary(byteArrayOf(1)))
        assertEquals(Message.Binary(byteArrayOf(1)).hashCode(), Message.Binary(byteArrayOf(1)).hashCode())
        assertEquals("Binary(1 bytes)", Message.Binary(byteArrayOf(1)).toString())
        assertNotEquals<Message>(Message.Text("a"), Message.Binary(byteArrayOf(97)))
    }

    @Test
    fun closeInfoTellsTheNormalFromTheRest() {
        assertTrue(CloseInfo(1001).isNormal)
        assertFalse(CloseInfo(1011).isNormal)
        assertEquals("close code 4000 \"bye\"", CloseInfo(4000, "bye").toString())
        assertEquals(CloseInfo(4000, "bye").hashCode(), CloseInfo(4000, "bye").hashCode())
        assertEquals("close code 1006", CloseInfo(1006).toString())
    }

    @Test
    fun headersAreFoundWithoutRegardToCase() {
        val handshake = Handshake(mapOf("X-Id" to listOf("7", "8")), "v1")
        assertEquals("7", handshake.header("x-id"))
        assertEquals("Handshake(1 headers, subprotocol v1)", handshake.toString())
        val failure = HandshakeFailedException("busy", 503, mapOf("retry-after" to listOf("30")))
        assertEquals("30", failure.retryAfter)
        assertFalse(failure.isPermanent)
        assertTrue(TlsFailedException("expired", isPermanent = true).isPermanent)
        assertFalse(HostNotFoundException("gone").isPermanent || ConnectTimeoutException("slow").isPermanent)
        assertEquals(10, MessageTooBigException("big", 10).limit)
    }

    @Test
    fun settingThatMakesNoSenseIsNamedWithItsValue() {
        fun refusal(set: PoolConfig.Builder.() -> Unit) =
            assertFailsWith<IllegalArgumentException> { PoolConfig.Builder().apply(set).build() }.message
        assertEquals("maxConnections must be at least 1, not 0", refusal { maxConnections = 0 })
        assertEquals("minIdle (11) must not exceed maxConnections (10)", refusal { minIdle = 11 })
        assertEquals("connectTimeout must be positive, not 0s", refusal { connectTimeout = Duration.ZERO })
        assertEquals("name must not be blank", refusal { name = " " })
    }

    @Test
    fun poolWithoutAConnectorSaysWhatToAdd() {
        val failure = assertFailsWith<IllegalStateException> { Connectors.create() }
        assertTrue("dev.wspool:wspool-ktor" in failure.message.orEmpty(), failure.message)
    }
}
