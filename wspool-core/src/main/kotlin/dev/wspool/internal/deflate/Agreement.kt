package dev.wspool.internal.deflate

import dev.wspool.Compression
import dev.wspool.transport.ExtensionViolationException

private const val NAME = "permessage-deflate"
private const val SERVER_NO_TAKEOVER = "server_no_context_takeover"
private const val CLIENT_NO_TAKEOVER = "client_no_context_takeover"
private const val SERVER_BITS = "server_max_window_bits"
private const val CLIENT_BITS = "client_max_window_bits"

/** As decimal digits without leading zeros (RFC 7692, 7.1.2). */
private val WINDOW_BITS = (8..15).associateBy { it.toString() }

/** The window where the server names none. */
private const val LARGEST_WINDOW = 15

/** The value of `Sec-WebSocket-Extensions` that asks for [this]. One offer, so that there is no question which one was accepted. */
internal fun Compression.offer(): String = buildString {
    append(NAME)
    if (serverNoContextTakeover) append("; ").append(SERVER_NO_TAKEOVER)
    if (clientNoContextTakeover) append("; ").append(CLIENT_NO_TAKEOVER)
}

/** What both ends have agreed on. */
internal class Agreement(val clientTakesOver: Boolean, val serverTakesOver: Boolean, val serverWindowBits: Int) {
    override fun toString(): String = buildString {
        append(NAME)
        if (!serverTakesOver) append("; ").append(SERVER_NO_TAKEOVER)
        if (!clientTakesOver) append("; ").append(CLIENT_NO_TAKEOVER)
        if (serverWindowBits != LARGEST_WINDOW) append("; ").append(SERVER_BITS).append('=').append(serverWindowBits)
    }
}

/** Null where the server declines. */
internal fun Compression.agree(answers: List<String>): Agreement? {
    val extensions = parseExtensions(answers) ?: violated("is malformed")
    if (!extensions.all { it.name.equals(NAME, ignoreCase = true) }) violated("names an extension that was not offered")
    if (extensions.size > 1) violated("accepts $NAME more than once")
    return accepted((extensions.singleOrNull() ?: return null).parameters)
}

private fun Compression.accepted(parameters: List<Pair<String, String?>>): Agreement {
    val answered = HashSet<String>()
    var bits = LARGEST_WINDOW
    for ((given, value) in parameters) {
        val name = given.lowercase()
        when (name) {
            SERVER_NO_TAKEOVER, CLIENT_NO_TAKEOVER -> if (value != null) violated("gives $name a value")
            SERVER_BITS -> bits = WINDOW_BITS[value] ?: violated("does not give $name a value from 8 to 15")
            CLIENT_BITS -> violated("sets $name, which was not offered")
            else -> violated("gives $NAME a parameter that it does not have")
        }
        if (!answered.add(name)) violated("sets $name more than once")
    }
    if (serverNoContextTakeover && SERVER_NO_TAKEOVER !in answered) {
        violated("accepts $NAME without $SERVER_NO_TAKEOVER, which was asked for (serverNoContextTakeover)")
    }
    return Agreement(
        // Who has offered to do without does without, whatever the answer says (RFC 7692, 7.1.1.2).
        clientTakesOver = !clientNoContextTakeover && CLIENT_NO_TAKEOVER !in answered,
        serverTakesOver = SERVER_NO_TAKEOVER !in answered,
        serverWindowBits = bits,
    )
}

/** The answer is not quoted: headers do not belong in texts. */
private fun violated(how: String): Nothing = throw ExtensionViolationException("The server's Sec-WebSocket-Extensions $how")
