package dev.wspool.internal

import dev.wspool.Lease
import dev.wspool.MalformedMessageException
import dev.wspool.Message

/** A message is not of the [kind] that a format reads. */
internal class WrongKind(val kind: String) : Exception("it is no $kind message")

/**
 * Runs [parse] on [message], which came on this lease. A peer may send anything, and a format fail in any way; so whatever it throws is the
 * message's fault, the stack overflow of one that is nested too deeply included.
 *
 * @param expected what is parsed.
 */
internal inline fun <T> Lease.parsing(message: Message, expected: String, parse: () -> T): T = try {
    parse()
} catch (failure: Exception) {
    throw malformed(message, expected, reasonOf(failure))
} catch (_: StackOverflowError) {
    throw malformed(message, expected, "it is nested too deeply")
}

internal fun Lease.malformed(message: Message, expected: String, why: String): MalformedMessageException {
    val text = "A message on $this is no ${shown(expected, NAME)}: ${shown(why, REASON)}. It begins ${beginning(message)}"
    return MalformedMessageException(text, message)
}

/** What [failure] says, without what kotlinx.serialization's says on lines of its own: the message. */
internal fun reasonOf(failure: Exception): String = failure.message?.lineSequence()?.first()?.removeSuffix(".") ?: failure.javaClass.name

private fun Lease.beginning(message: Message): String = when (message) {
    is Message.Text -> "\"${shown(message.text, EXCERPT)}\" (${message.text.length} characters)"
    is Message.Binary -> message.bytes.take(BYTES).joinToString(" ") { "%02x".format(it) } + " (${message.bytes.size} bytes)"
}

/** No more of [text] than [length], and none of it that is secret or would be obeyed by a terminal. */
private fun Lease.shown(text: String, length: Int): String {
    val beginning = text.take(LONGEST_SECRET + length)
    val redacted = if (this is RealLease) connection.redact(beginning) else beginning
    val shown = redacted.take(length).map { if (it.isISOControl()) '\uFFFD' else it }.joinToString("")
    return if (redacted.length > length) "$shown…" else shown
}

private const val EXCERPT = 100
private const val BYTES = 32
private const val REASON = 200
private const val NAME = 200

/** One that is cut off is not found; so none is cut off in what is shown, unless it is longer than any token. */
private const val LONGEST_SECRET = 8_192
