package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnector
import dev.wspool.transport.redact
import dev.wspool.transport.redacted
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import java.io.IOException
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** Secrets of the URL appear in no text that the library makes: messages, causes, suppressed exceptions, `toString`. */
@OptIn(ExperimentalCoroutinesApi::class)
class SecretsTest {
    private val url = "wss://ann:hunter2@example.com/v2?token=s3cr3t&key=a%20bcd%2Fe#fr4gment"
    private val secrets = listOf("ann:", "hunter2", "s3cr3t", "a%20bcd", "a bcd/e", "token=", "fr4gment")
    private val endpoint = Endpoint(url)

    @Test
    fun aTextIsShownWithoutSecrets() {
        assertEquals("GET wss://example.com/v2 failed", endpoint.redact("GET $url failed"))
        assertEquals("user *** with ***", endpoint.redact("user hunter2 with s3cr3t"))
        assertEquals("*** and ***", endpoint.redact("a%20bcd%2Fe and a bcd/e"))
        assertEquals("nothing secret", endpoint.redact("nothing secret"))
    }

    @Test
    fun aPeerThatQuotesTheUrlInItsCloseReasonDoesNotGetItsSecretsShown() = runTest {
        val connector = FakeConnector(autoConnect = true)
        val lease = poolOf(connector, url).borrow()
        connector.connections.single().closes(1008, "bad token s3cr3t\u001B[31m")
        val e = assertFailsWith<ConnectionLostException> { lease.receive() }
        assertEquals("Connection c1 to wss://example.com/v2 was lost: close code 1008 \"bad token ***\uFFFD[31m\"", e.message)
        assertNoSecrets(e.texts + lease.closeInfo)
        val ofSend = assertFailsWith<ConnectionLostException> { lease.send("x") } // told by the engine itself
        assertEquals(CloseInfo(1008, "bad token ***\u001B[31m"), ofSend.closeInfo)
        assertNoSecrets(ofSend.texts + ofSend.closeInfo)
    }

    @Test
    fun headersOfAnEndpointAreSecret() {
        val endpoint = Endpoint("wss://example.com", mapOf("Authorization" to "Bearer t0ken", "X-Key" to "k3y-value"))
        assertEquals("sent *** or *** and ***", endpoint.redact("sent Bearer t0ken or t0ken and k3y-value"))
        assertEquals("wss://example.com", endpoint.toString())
    }

    @Test
    fun anyUrlInATextIsShownWithoutUserAndQuery() {
        assertEquals("went to https://login.example.org/oauth", endpoint.redact("went to https://bob:pw@login.example.org/oauth?code=1#x"))
        assertEquals("<ws://h/p>, (http://h2)", endpoint.redact("<ws://h/p?q=1>, (http://u@h2?z)"))
    }

    @Test
    fun aForeignExceptionKeepsItsNameAndStackAndLosesItsSecrets() {
        val cause = IllegalStateException("bad header for hunter2")
        val failure = IOException("GET $url", cause)
        failure.addSuppressed(RuntimeException("while closing $url"))
        val shown = endpoint.redacted(failure)
        assertEquals("java.io.IOException: GET wss://example.com/v2", shown.toString())
        assertContentEquals(failure.stackTrace, shown.stackTrace)
        assertEquals("java.lang.IllegalStateException: bad header for ***", shown.cause.toString())
        assertEquals("java.lang.RuntimeException: while closing wss://example.com/v2", shown.suppressed.single().toString())
        assertEquals("java.lang.StackOverflowError", endpoint.redacted(StackOverflowError()).toString())
        assertNoSecrets(shown.texts)
    }

    @Test
    fun causesInACircleComeToAnEnd() {
        val a = IOException("a $url")
        a.initCause(IOException("b $url", a))
        assertNoSecrets(endpoint.redacted(a).stackTraceToString())
    }

    @Test
    fun noFailureOfAPoolShowsThem() = runTest {
        val connector = FakeConnector(autoConnect = true) { it.closing = FakeBehavior.Fails { IOException("close $url") } }
        connector.connecting = FakeBehavior.Fails { IOException("cannot connect to $url", RuntimeException("hunter2")) }
        val pool = poolOf(connector, url) { maxConnections = 1 }
        val texts = ArrayList<String>()
        suspend fun failing(use: suspend () -> Unit) {
            val e = runCatching { use() }.exceptionOrNull()
            texts += assertNotNull(e).texts
        }
        failing { pool.borrow(1.seconds) }
        connector.connecting = FakeBehavior.Works
        val lease = pool.borrow()
        failing { pool.borrow(1.seconds) }
        connector.connections.last().sending = FakeBehavior.Fails { IOException("cannot write to $url") }
        failing { lease.send("x") }
        failing { lease.receive(1.seconds) }
        connector.connections.last().dies(cause = IOException("reset by $url"))
        failing { lease.receive() }
        lease.release()
        failing { lease.send("x") }
        texts += listOf("$pool", "${pool.name} ${pool.endpoint}", "$lease", "${pool.stats}", "${lease.handshake}", "${pool.job}")
        pool.close()
        failing { pool.borrow() }
        texts.forEach(::assertNoSecrets)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun headersAndBodyOfARefusalArePropertiesAndNoText() {
        val e = HandshakeFailedException(
            "wss://example.com/v2 answered 403",
            status = 403,
            headers = mapOf("Set-Cookie" to listOf("s3cr3t"), "Retry-After" to listOf("7")),
            body = "hunter2",
        )
        assertNoSecrets(e.texts)
        assertEquals("7", e.retryAfter)
        assertEquals("hunter2", e.body)
        assertTrue(e.isPermanent)
        val handshake = Handshake(mapOf("Set-Cookie" to listOf("s3cr3t")), "chat")
        assertEquals("Handshake(1 headers, subprotocol chat)", handshake.toString())
        assertEquals("Handshake(0 headers, subprotocol none)", Handshake().toString())
    }

    @Test
    fun messagesAreShownByTheirSize() {
        assertEquals("Text(6 chars)", Message.Text("s3cr3t").toString())
        assertEquals("Binary(3 bytes)", Message.Binary(byteArrayOf(1, 2, 3)).toString())
    }

    private fun assertNoSecrets(text: String) {
        for (secret in secrets) assertFalse(secret in text, "\"$secret\" in: $text")
    }
}
