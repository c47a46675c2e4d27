package dev.wspool.transport

import dev.wspool.Endpoint

/** What stands where a secret stood. */
private const val MASK = "***"

/** A URL in running text. */
private val URL = Regex("""\b([A-Za-z][A-Za-z0-9+.-]*://)[^\s"'<>)]+""")

/** [text] without what is secret in this endpoint's URL, and without user information and query of any URL at all. */
public fun Endpoint.redact(text: String): String {
    val withoutOurs = secrets.fold(text.replace(url, address)) { rest, secret -> rest.replace(secret, MASK) }
    return URL.replace(withoutOurs) { match ->
        val scheme = match.groupValues[1]
        val rest = match.value.removePrefix(scheme).substringBefore('?').substringBefore('#')
        val authority = rest.substringBefore('/')
        scheme + authority.substringAfterLast('@') + rest.removePrefix(authority)
    }
}

/**
 * [failure] with its text replaced by [redact], and so the texts of its causes and suppressed exceptions: what a foreign
 * library throws may quote the URL or a header. The stack traces and the names of the classes stay.
 *
 * A connector attaches no foreign exception but through this.
 */
public fun Endpoint.redacted(failure: Throwable): Throwable = redacted(failure, DEEPEST, ::redact)

/** As the other, for what may quote the secrets of [other] as well: those of a one-time URL beside the pool's own. */
internal fun Endpoint.redacted(failure: Throwable, other: Endpoint): Throwable = redacted(failure, DEEPEST) { redact(it, other) }

internal fun Endpoint.redact(text: String, other: Endpoint): String = redact(if (other === this) text else other.redact(text))

private fun redacted(failure: Throwable, depth: Int, redact: (String) -> String): Throwable {
    val copy = RedactedException(failure.javaClass.name, failure.message?.let(redact))
    copy.stackTrace = failure.stackTrace
    if (depth > 0) {
        failure.cause?.let { copy.initCause(redacted(it, depth - 1, redact)) }
        failure.suppressed.forEach { copy.addSuppressed(redacted(it, depth - 1, redact)) }
    }
    return copy
}

/** Chains of causes may be circular. */
private const val DEEPEST = 8

/** A foreign exception as wspool shows it: another's class name and stack trace, and its text without secrets. */
internal class RedactedException(private val className: String, text: String?) : RuntimeException(text) {
    override fun toString(): String = if (message == null) className else "$className: $message"
}
