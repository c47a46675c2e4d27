package dev.wspool.ktor.internal

import dev.wspool.Endpoint
import dev.wspool.TlsFailedException
import dev.wspool.TlsProblem
import java.security.cert.CertificateException
import java.security.cert.CertificateExpiredException
import java.security.cert.CertificateNotYetValidException
import javax.net.ssl.SSLPeerUnverifiedException

/** What is wrong with the server's certificate, or with TLS as such, where [chain] is what was thrown and its causes. */
internal fun Endpoint.tlsFailure(chain: List<Throwable>, cause: Throwable?): TlsFailedException {
    val problem = chain.firstNotNullOfOrNull(::certificateProblem)
        ?: if (chain.any { it is CertificateException }) TlsProblem.Untrusted else TlsProblem.Handshake
    val why = when (problem) {
        TlsProblem.Expired -> "The certificate of $this has expired"
        TlsProblem.NotYetValid -> "The certificate of $this is not valid yet"
        TlsProblem.WrongHost -> "The certificate of $this is for another host"
        TlsProblem.Untrusted -> "The certificate of $this is not trusted"
        TlsProblem.Handshake -> "TLS with $this failed"
    }
    return TlsFailedException(why, cause, problem)
}

private fun certificateProblem(failure: Throwable): TlsProblem? = when {
    failure is CertificateExpiredException -> TlsProblem.Expired
    failure is CertificateNotYetValidException -> TlsProblem.NotYetValid
    failure is WrongHostException || failure is SSLPeerUnverifiedException || failure.message.orEmpty().startsWith(WRONG_HOST) ->
        TlsProblem.WrongHost
    else -> null
}

/** How CIO begins, where a certificate is another host's; it has no type for it. */
private const val WRONG_HOST = "No server host"
