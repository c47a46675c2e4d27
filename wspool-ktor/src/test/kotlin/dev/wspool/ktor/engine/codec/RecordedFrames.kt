package dev.wspool.ktor.engine.codec

import java.util.zip.CRC32

/**
 * Writes down what a decoder tells, a line for each frame.
 *
 * @param wantsMore asked after each frame of data.
 */
internal class RecordedFrames(private val wantsMore: () -> Boolean = { true }) : FrameSink {
    val lines = ArrayList<String>()

    override fun onData(payload: ByteArray, isText: Boolean, isFirst: Boolean, isFinal: Boolean, isCompressed: Boolean): Boolean {
        note(dataLine(payload, isText, isFirst, isFinal, isCompressed))
        return wantsMore()
    }

    override fun onPing(payload: ByteArray): Boolean {
        note("ping ${shown(payload)}")
        return wantsMore()
    }

    override fun onPong(payload: ByteArray): Boolean {
        note("pong ${shown(payload)}")
        return wantsMore()
    }

    override fun onClose(payload: ByteArray) {
        note("close ${shown(payload)}")
    }

    /** No stream of a test has as many frames as would fill the memory. */
    private fun note(line: String) {
        check(lines.size < 100_000) { "Frames without end" }
        lines += line
    }
}

/** A message in one frame is `text "all"`; one in three `text "a"…`, `more text "l"…` and `more text "l"`. */
internal fun dataLine(payload: ByteArray, isText: Boolean, isFirst: Boolean, isFinal: Boolean, isCompressed: Boolean): String = listOf(
    if (isFirst) "" else "more ",
    if (isCompressed) "compressed " else "",
    if (isText) "text " else "binary ",
    shown(payload),
    if (isFinal) "" else "…",
).joinToString("")

/** Short bytes as they are, others by their number and checksum. */
internal fun shown(bytes: ByteArray): String = when {
    bytes.isEmpty() -> "empty"
    bytes.size > 40 -> "${bytes.size} bytes, CRC ${CRC32().apply { update(bytes) }.value}"
    bytes.all { it in 0x20..0x7e } -> "\"${bytes.decodeToString()}\""
    else -> bytes.joinToString(" ") { "%02x".format(it) }
}
