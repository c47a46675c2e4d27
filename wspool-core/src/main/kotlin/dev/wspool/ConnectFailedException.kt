package dev.wspool

/**
 * A connection could not be opened.
 *
 * @property isPermanent true where trying again cannot help (401, 403, 404, a certificate that is refused): callers who
 * wait are told at once instead of when their time is up.
 */
public open class ConnectFailedException(
    message: String,
    cause: Throwable? = null,
    public val isPermanent: Boolean = false,
) : PoolException(message, cause)

/** Nobody listens at the address, or a firewall says no. */
public class ConnectRefusedException(message: String, cause: Throwable? = null) : ConnectFailedException(message, cause)

/** The host name has no address. */
public class HostNotFoundException(message: String, cause: Throwable? = null) : ConnectFailedException(message, cause)

/** The connection was not open within `connectTimeout`, or the engine's own limit. */
public class ConnectTimeoutException(message: String, cause: Throwable? = null) : ConnectFailedException(message, cause)

/**
 * TLS failed. Permanent where the server's certificate was refused.
 *
 * @property problem what was wrong.
 */
public class TlsFailedException(message: String, cause: Throwable? = null, public val problem: TlsProblem = TlsProblem.Handshake) :
    ConnectFailedException(message, cause, isPermanent = problem != TlsProblem.Handshake)

/** What may be wrong with TLS. */
public enum class TlsProblem {
    /** The certificate has expired. */
    Expired,

    /** The certificate is not valid yet. */
    NotYetValid,

    /** The certificate is for another host. */
    WrongHost,

    /** Nobody that is trusted has issued the certificate. */
    Untrusted,

    /** The two ends could not agree, or one of them broke off. */
    Handshake,
}

/**
 * The server answered the upgrade with something else than a WebSocket connection.
 *
 * @property status the HTTP status; 101 where the answer was an upgrade that breaks RFC 6455, 4.1.
 * @property headers the response headers. They may hold secrets and are part of no text.
 * @property body the beginning of the response's body, at most 4 KiB, or empty. Never part of a text either.
 */
public class HandshakeFailedException(
    message: String,
    public val status: Int,
    public val headers: Map<String, List<String>> = emptyMap(),
    public val body: String = "",
    cause: Throwable? = null,
) : ConnectFailedException(message, cause, isPermanent = status in PERMANENT) {
    /** The first value of `Retry-After`, as sent: seconds or a date (RFC 9110, 10.2.3). */
    public val retryAfter: String?
        get() = headers.entries.firstOrNull { it.key.equals("Retry-After", ignoreCase = true) }?.value?.firstOrNull()

    private companion object {
        /** What a server says when neither waiting nor asking again will change its mind. */
        val PERMANENT = setOf(400, 401, 402, 403, 404, 405, 410, 414, 426, 431, 501, 505)
    }
}
