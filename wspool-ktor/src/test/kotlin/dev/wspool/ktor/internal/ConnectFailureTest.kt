package dev.wspool.ktor.internal

import dev.wspool.ConnectFailedException
import dev.wspool.ConnectRefusedException
import dev.wspool.ConnectTimeoutException
import dev.wspool.Endpoint
import dev.wspool.HostNotFoundException
import dev.wspool.TlsFailedException
import io.ktor.client.engine.cio.FailToConnectException
import io.ktor.client.plugins.HttpRequestTimeoutException
import io.ktor.http.IllegalHeaderValueException
import io.ktor.http.URLParserException
import kotlinx.coroutines.CancellationException
import kotlinx.io.EOFException
import org.junit.jupiter.api.Test
import java.net.ConnectException
import java.net.NoRouteToHostException
import java.net.SocketTimeoutException
import java.net.UnknownHostException
import java.nio.channels.UnresolvedAddressException
import java.security.cert.CertificateException
import javax.net.ssl.SSLException
import javax.net.ssl.SSLHandshakeException
import kotlin.reflect.KClass
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue
import io.ktor.client.network.sockets.ConnectTimeoutException as KtorConnectTimeoutException

/** Each way in which a connect fails has its type and its text, and shows nothing of the URL's secrets. */
class ConnectFailureTest {
    private val endpoint = Endpoint("wss://ann:hunter2@example.com/feed?token=s3cret")

    @Test
    fun whatKtorAndTheJdkThrowIsToldInOurWords() {
        expect<ConnectRefusedException>("refused the connection", ConnectException("Connection refused"))
        expect<ConnectTimeoutException>("does not answer", ConnectException("Connection timed out"))
        for (late in listOf(
            KtorConnectTimeoutException("hunter2"), FailToConnectException(), SocketTimeoutException("hunter2"),
            HttpRequestTimeoutException(endpoint.url, 1),
        )) {
            expect<ConnectTimeoutException>("Connecting to", late)
        }
        expect<HostNotFoundException>("has no address", UnresolvedAddressException())
        expect<HostNotFoundException>("has no address", UnknownHostException("hunter2"))
        expect<TlsFailedException>("is not trusted", CertificateException("hunter2"), isPermanent = true)
        val handshake = SSLHandshakeException("hunter2").initCause(CertificateException("s3cret"))
        expect<TlsFailedException>("is not trusted", handshake, isPermanent = true)
        val mismatch = SSLException("No server host: example.com in the server certificate")
        expect<TlsFailedException>("is for another host", mismatch, isPermanent = true)
        expect<TlsFailedException>("TLS with", SSLException("Received alert hunter2"))
        expect<ConnectFailedException>("cannot read the URL", URLParserException(endpoint.url, Exception()), isPermanent = true)
        expect<ConnectFailedException>("ended the connection before", EOFException("s3cret"))
        expect<ConnectFailedException>("ended the connection before", NoRouteToHostException("s3cret"))
        expect<ConnectFailedException>("cut short", CancellationException("hunter2"))
        expect<ConnectFailedException>("failed", IllegalStateException("hunter2", RuntimeException("s3cret")))
    }

    @Test
    fun causeIsFoundHoweverDeepKtorPutIt() {
        val deep = CancellationException("hunter2", IllegalStateException("s3cret", ConnectException("refused")))
        expect<ConnectRefusedException>("refused", deep)
    }

    @Test
    fun headerWithAnIllegalValueIsNotQuoted() {
        val told = endpoint.connectFailure(RuntimeException(IllegalHeaderValueException("Bearer abcdef\n", 13)))
        assertEquals("A header for wss://example.com/feed has an illegal value", told.message)
        assertTrue(told.isPermanent)
        assertNull(told.cause)
    }

    @Test
    fun causesThatGoRoundInCirclesAreCutOff() {
        val one = RuntimeException("hunter2")
        one.initCause(RuntimeException("s3cret", one))
        expect<ConnectFailedException>("failed", one)
    }

    private inline fun <reified T : ConnectFailedException> expect(text: String, failure: Throwable, isPermanent: Boolean = false) =
        expect(T::class, text, failure, isPermanent)

    private fun expect(type: KClass<out ConnectFailedException>, text: String, failure: Throwable, isPermanent: Boolean) {
        val told = endpoint.connectFailure(failure)
        assertEquals(type, told::class)
        assertEquals(isPermanent, told.isPermanent, "$failure")
        val message = told.message.orEmpty()
        assertTrue(text in message && "wss://example.com/feed" in message, message)
        val trace = told.stackTraceToString()
        for (secret in listOf("hunter2", "s3cret")) assertFalse(secret in trace, trace)
        assertTrue(told.cause.toString().startsWith(failure.javaClass.name), trace)
    }
}
