package dev.wspool

import java.util.zip.Deflater

/**
 * Asks the server for compressed messages: the extension permessage-deflate (RFC 7692). Off by default. A server that declines
 * is talked to without compression.
 *
 * A context that is taken over lets a message refer to those before it, so that small ones of one kind become several times
 * smaller. It costs memory for as long as the connection is open, and it mixes what different borrowers send: who can choose a
 * part of one message and see its size may guess at secrets in the one before. Hence the two defaults: our own context would
 * cost a quarter of a megabyte a connection, and is this end's to refuse; the server's costs us at most 32 KiB, servers exist
 * that decline rather than do without it, and one that wants to save its own memory may do without unasked.
 *
 * The server is not asked to limit the window of this end (`client_max_window_bits` is not offered): Java's [Deflater] has one
 * of 15 bits and no other. Whatever window the server uses is understood.
 *
 * @property minSize messages below so many bytes are sent uncompressed; text counts as UTF-8. Default: 1024.
 * @property level how hard to try, from 1, fast, to 9, small. Default: -1, zlib's own choice, which is 6 today.
 * @property clientNoContextTakeover whether each message that is sent is compressed by itself, and nothing is kept between
 *   messages. The server may insist on it also where this is false. Default: true.
 * @property serverNoContextTakeover whether the server has to compress each message by itself, so that nothing is kept here to
 *   inflate the next. A server that cannot has to decline. Default: false.
 * @throws IllegalArgumentException naming the setting and its value, where one makes no sense.
 */
public class Compression
    @JvmOverloads
    constructor(
        public val minSize: Int = 1024,
        public val level: Int = Deflater.DEFAULT_COMPRESSION,
        public val clientNoContextTakeover: Boolean = true,
        public val serverNoContextTakeover: Boolean = false,
    ) {
        init {
            require(minSize >= 0) { "minSize must not be negative: $minSize" }
            require(level == Deflater.DEFAULT_COMPRESSION || level in Deflater.BEST_SPEED..Deflater.BEST_COMPRESSION) {
                "level must be from 1 to 9, or -1 for the default, not $level"
            }
        }

        override fun equals(other: Any?): Boolean = other is Compression &&
            other.minSize == minSize &&
            other.level == level &&
            other.clientNoContextTakeover == clientNoContextTakeover &&
            other.serverNoContextTakeover == serverNoContextTakeover

        override fun hashCode(): Int = 31 * minSize + level

        override fun toString(): String = "Compression(minSize=$minSize, level=$level, " +
            "clientNoContextTakeover=$clientNoContextTakeover, serverNoContextTakeover=$serverNoContextTakeover)"
    }
