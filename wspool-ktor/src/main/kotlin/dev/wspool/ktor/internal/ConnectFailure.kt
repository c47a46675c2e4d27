package dev.wspool.ktor.internal

import dev.wspool.ConnectFailedException
import dev.wspool.ConnectRefusedException
import dev.wspool.ConnectTimeoutException
import dev.wspool.Endpoint
import dev.wspool.HandshakeFailedException
import dev.wspool.HostNotFoundException
import dev.wspool.ktor.engine.dial.TunnelRefusedException
import dev.wspool.transport.redacted
import io.ktor.client.engine.cio.FailToConnectException
import io.ktor.client.plugins.HttpRequestTimeoutException
import io.ktor.client.plugins.ResponseException
import io.ktor.http.IllegalHeaderValueException
import io.ktor.http.URLParserException
import io.ktor.util.toMap
import kotlinx.coroutines.CancellationException
import kotlinx.io.EOFException
import java.io.IOException
import java.net.ConnectException
import java.net.SocketException
import java.net.SocketTimeoutException
import java.net.UnknownHostException
import java.nio.channels.UnresolvedAddressException
import java.security.cert.CertificateException
import javax.net.ssl.SSLException
import io.ktor.client.network.sockets.ConnectTimeoutException as KtorConnectTimeoutException

/** What the pool is told instead of [failure], which is whatever Ktor, the JDK or a plugin of the user threw, or null. */
internal fun Endpoint.connectFailure(failure: Throwable?): ConnectFailedException {
    val chain = generateSequence(failure) { it.cause }.take(MAX_DEPTH).toList()
    return chain.firstNotNullOfOrNull { told(it, chain) } ?: ConnectFailedException(unknown(failure), failure?.let(::redacted))
}

private fun Endpoint.told(failure: Throwable, chain: List<Throwable>): ConnectFailedException? {
    val cause by lazy(LazyThreadSafetyMode.NONE) { redacted(chain.first()) }
    return when (failure) {
        is ConnectFailedException -> failure
        is ResponseException -> HandshakeFailedException(
            refused(failure.response.status.value),
            failure.response.status.value,
            failure.response.headers.toMap(),
        )
        // First, as it is a ConnectException too. CIO's own limits on connections also end here, when a dial waits for them.
        is KtorConnectTimeoutException, is FailToConnectException, is HttpRequestTimeoutException, is SocketTimeoutException ->
            ConnectTimeoutException("Connecting to $this took longer than the HttpClient allows", cause)
        is ConnectException -> refused(failure, cause)
        is UnknownHostException, is UnresolvedAddressException -> HostNotFoundException("The host of $this has no address", cause)
        is CertificateException, is SSLException -> tlsFailure(chain, cause) // Ktor's TLSException is one
        // Without its cause, which quotes the value.
        is IllegalHeaderValueException -> ConnectFailedException("A header for $this has an illegal value", isPermanent = true)
        is URLParserException -> ConnectFailedException("Ktor cannot read the URL of $this", cause, isPermanent = true)
        is TunnelRefusedException -> ConnectFailedException("The proxy refused a tunnel to $this with status ${failure.status}", cause)
        is IOException if failure.message == NO_TUNNEL -> ConnectFailedException("The proxy refused a tunnel to $this", cause)
        is EOFException, is SocketException -> ConnectFailedException("$this ended the connection before the handshake was done", cause)
        else -> null
    }
}

private fun Endpoint.refused(failure: ConnectException, cause: Throwable?): ConnectFailedException =
    if (failure.message.orEmpty().contains("timed out")) {
        ConnectTimeoutException("$this does not answer", cause)
    } else {
        ConnectRefusedException("$this refused the connection", cause)
    }

/** The client has been closed under the pool. */
internal fun Endpoint.clientClosed(): ConnectFailedException =
    ConnectFailedException("The HttpClient that connects to $this is closed", isPermanent = true)

private fun Endpoint.unknown(failure: Throwable?): String = when (failure) {
    is CancellationException -> "Connecting to $this was cut short, as the pool is being closed"
    null -> "Connecting to $this failed"
    else -> "Connecting to $this failed: ${redacted(failure)}"
}

/** What CIO says where a proxy answers CONNECT with another status than 200; it has no type for it, and hides the status. */
private const val NO_TUNNEL = "Can not establish tunnel connection"

/** Causes may go round in circles. */
private const val MAX_DEPTH = 8
