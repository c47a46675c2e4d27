package dev.wspool

import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** Values are equal where what they hold is equal. */
class ValueTest {
    @Test
    fun messages() {
        assertEquals(Message.Text("a"), Message.Text("a"))
        assertEquals(Message.Text("a").hashCode(), Message.Text("a").hashCode())
        assertNotEquals(Message.Text("a"), Message.Text("b"))
        assertEquals(Message.Binary(byteArrayOf(1)), Message.Binary(byteArrayOf(1)))
        assertEquals(Message.Binary(byteArrayOf(1)).hashCode(), Message.Binary(byteArrayOf(1)).hashCode())
        assertNotEquals(Message.Binary(byteArrayOf(1)), Message.Binary(byteArrayOf(2)))
        assertNotEquals<Message>(Message.Text("a"), Message.Binary("a".toByteArray()))
    }

    @Test
    fun closeInfos() {
        assertEquals(CloseInfo(1000), CloseInfo(1000, ""))
        assertEquals(CloseInfo(1000, "x").hashCode(), CloseInfo(1000, "x").hashCode())
        assertNotEquals(CloseInfo(1000), CloseInfo(1001))
        assertNotEquals(CloseInfo(1000), CloseInfo(1000, "bye"))
        assertEquals("close code 1000", CloseInfo(1000).toString())
        assertEquals("close code 1011 \"on fire\"", CloseInfo(1011, "on fire").toString())
        assertEquals(listOf(true, true, false, false), listOf(1000, 1001, 1005, 1006).map { CloseInfo(it).isNormal })
    }

    @Test
    fun connectionIds() {
        assertEquals(ConnectionId("c1"), ConnectionId("c1"))
        assertEquals(ConnectionId("c1").hashCode(), ConnectionId("c1").hashCode())
        assertNotEquals(ConnectionId("c1"), ConnectionId("c2"))
        assertEquals("c1", ConnectionId("c1").toString())
    }

    @Test
    fun handshakesFindHeadersWithoutRegardToCase() {
        val handshake = Handshake(mapOf("Server" to listOf("a", "b"), "Empty" to emptyList()))
        assertEquals("a", handshake.header("server"))
        assertNull(handshake.header("Empty"))
        assertNull(handshake.header("Date"))
    }

    @Test
    fun someRefusalsDoNotHeal() {
        val permanent = (300..599).filter { HandshakeFailedException("$it", it).isPermanent }
        assertEquals(listOf(400, 401, 402, 403, 404, 405, 410, 414, 426, 431, 501, 505), permanent)
        assertTrue(TlsFailedException("certificate refused", problem = TlsProblem.Expired).isPermanent)
        assertFalse(TlsFailedException("reset").isPermanent)
        assertFalse(ConnectRefusedException("refused").isPermanent)
        assertFalse(ConnectTimeoutException("too slow").isPermanent)
        assertNull(HandshakeFailedException("503", 503).retryAfter)
    }
}
