package dev.wspool.internal

import dev.wspool.ConnectFailedException
import dev.wspool.HandshakeFailedException
import java.text.ParsePosition
import java.text.SimpleDateFormat
import java.util.Locale
import java.util.TimeZone
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private val STATUSES = setOf(429, 503)

/** A server may be wrong about its clock, or about us. */
private val LONGEST = 1.hours

/** For how long the server has asked to be left alone (RFC 9110, 10.2.3), in nanoseconds; an hour at most, and 0 if not at all. */
internal fun ConnectFailedException.retryAfterNanos(wallClock: () -> Long): Long {
    if (this !is HandshakeFailedException || status !in STATUSES) return 0
    val text = retryAfter?.trim() ?: return 0
    val span = text.toLongOrNull()?.seconds ?: (parseHttpDate(text) ?: return 0).minus(wallClock()).milliseconds
    return span.coerceIn(0.seconds, LONGEST).inWholeNanoseconds
}

/** Not java.time, which Android has from API 26 on. */
private fun parseHttpDate(text: String): Long? {
    val format = SimpleDateFormat("EEE, dd MMM yyyy HH:mm:ss zzz", Locale.US)
    format.timeZone = TimeZone.getTimeZone("GMT")
    return format.parse(text, ParsePosition(0))?.time
}
