package dev.wspool.ktor.engine.tls

import org.junit.jupiter.api.Test
import java.nio.ByteBuffer
import javax.net.ssl.SSLException
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertSame
import kotlin.test.assertTrue

/** How a connection ends: in order, cut off, or by a failure that the peer is told of. */
class TlsEndTest {
    @BothVersions
    fun peersCloseNotifyIsTheEndAndWhatComesBehindItIsIgnored(protocol: String) {
        val (client, server) = connected(protocol)
        val last = server.say("last".toByteArray())
        client.answer(last + server.closeNotify() + "anything".toByteArray())
        assertEquals("last", client.received.decodeToString())
        assertEquals(Received.Closed, client.outcomes.last())
        assertTrue(client.layer.isPeerDone)
        client.answer("more".toByteArray())
        assertEquals(Received.Closed, client.outcomes.last())
        client.assertIdle()
    }

    @BothVersions
    fun truncationIsToldFromAnEnd(protocol: String) {
        val (client, server) = connected(protocol)
        val record = server.say("cut".toByteArray())
        client.answer(record.copyOf(record.size - 1))
        assertFalse(client.layer.isPeerDone)
        assertEquals(Received.Hungry, client.outcomes.last())
        client.layer.close()
        client.assertIdle()
    }

    @BothVersions
    fun ownCloseNotifyIsWrappedOnceAndTheLastThatIsSent(protocol: String) {
        val (client, server) = connected(protocol)
        client.layer.closeOutbound()
        val cipher = ByteBuffer.allocate(client.layer.packetSize)
        assertTrue(client.layer.isWrapDue)
        assertEquals(Wrapped.Closed, client.layer.wrap(ByteBuffer.wrap("too late".toByteArray()), cipher))
        server.answer(cipher.taken())
        assertTrue(server.isClientDone)
        assertEquals(Wrapped.Closed, client.layer.wrap(ByteBuffer.wrap("too late".toByteArray()), cipher.clear()))
        assertEquals(0, cipher.position())
        assertEquals(0, server.received.size)
    }

    /** RFC 8446, 6.1: each direction ends by itself. */
    @Test
    fun whoHasClosedStillReceivesWithTls13() {
        val (client, server) = connected("TLSv1.3")
        client.layer.closeOutbound()
        server.answer(client.say())
        client.answer(server.say("still".toByteArray()))
        assertEquals("still", client.received.decodeToString())
        client.answer(server.closeNotify())
        assertTrue(client.layer.isPeerDone)
    }

    @Test
    fun whosePeerHasClosedStillSendsWithTls13() {
        val (client, server) = connected("TLSv1.3")
        client.answer(server.closeNotify())
        assertFalse(client.layer.isWrapDue)
        assertEquals(0, client.say().size)
        server.answer(client.say("still".toByteArray()))
        assertEquals("still", server.received.decodeToString())
        client.layer.closeOutbound()
        server.answer(client.say())
        assertTrue(server.isClientDone)
    }

    /** RFC 5246, 7.2.1: the answer comes at once, and what was to be sent is not. */
    @Test
    fun peersCloseNotifyClosesBothDirectionsWithTls12() {
        val (client, server) = connected("TLSv1.2")
        client.answer(server.closeNotify())
        assertTrue(client.layer.isWrapDue)
        server.answer(client.say("too late".toByteArray()))
        assertFalse(client.layer.isWrapDue)
        assertEquals(0, server.received.size)
        assertTrue(server.isClientDone)
    }

    @BothVersions
    fun closeNotifyWaitsBehindDataThatIsNotTaken(protocol: String) {
        val (client, server) = connected(protocol)
        client.onPlain = { false }
        client.answer(server.say("data".toByteArray()) + server.closeNotify())
        assertFalse(client.layer.isPeerDone)
        client.onPlain = client::take
        client.answer(ByteArray(0))
        assertEquals("data", client.received.decodeToString())
        assertTrue(client.layer.isPeerDone)
    }

    @Test
    fun whoDoesNotSpeakTlsIsToldSo() {
        for (garbage in listOf("HTTP/1.1 400 Bad Request\r\n\r\n", "\u0000\u0000\u0000\u0000\u0000", "SSH-2.0-OpenSSH")) {
            val client = TlsEnds.client()
            client.answer(ByteArray(0))
            val failure = assertFailsWith<SSLException>(garbage) { client.answer(garbage.toByteArray()) { 1 } }
            assertTrue(client.say().isNotEmpty(), "no alert")
            assertSame(failure, assertFailsWith<SSLException> { client.answer("more".toByteArray()) })
            client.assertIdle()
        }
    }

    @BothVersions
    fun recordThatWasChangedOnItsWayFailsAndThePeerIsTold(protocol: String) {
        val (client, server) = connected(protocol)
        val record = server.say("data".toByteArray())
        record[record.size - 1] = (record.last() + 1).toByte()
        assertFailsWith<SSLException> { client.answer(record + server.say("more".toByteArray())) }
        assertEquals(0, client.received.size)
        val told = client.say("too late".toByteArray())
        assertTrue("bad_record_mac" in assertFailsWith<SSLException> { server.answer(told) }.message!!)
        assertEquals(0, client.say().size)
        client.assertIdle()
    }

    @BothVersions
    fun recordThatIsTooLongFailsBeforeItHasCome(protocol: String) {
        val (client, _) = connected(protocol)
        assertFailsWith<SSLException> { client.answer(byteArrayOf(23, 3, 3, -1, -1)) }
        client.assertIdle()
    }

    @BothVersions
    fun peersAlertIsThrown(protocol: String) {
        val server = TlsEnds.server(protocol = protocol)
        val tls = TlsEnds.tls { cipherSuites("TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256") }
        val client = TlsEnds.client(TlsEngines(tls))
        if (protocol == "TLSv1.3") server.engine.enabledCipherSuites = arrayOf("TLS_AES_256_GCM_SHA384")
        val hello = client.answer(ByteArray(0))
        assertFailsWith<SSLException> { server.answer(hello) }
        val failure = assertFailsWith<SSLException> { client.answer(server.answer(ByteArray(0))) }
        assertTrue("handshake_failure" in failure.message!!, failure.message)
        assertFalse(client.layer.isEstablished)
    }

    @BothVersions
    fun closingBeforeTheHandshakeIsDoneIsToldToo(protocol: String) {
        val server = TlsEnds.server(protocol = protocol)
        val client = TlsEnds.client()
        server.answer(client.answer(ByteArray(0)))
        client.layer.closeOutbound()
        assertTrue(client.say().isNotEmpty())
        assertFalse(client.layer.isEstablished)
    }
}
