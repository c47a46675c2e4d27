package dev.wspool.ktor.engine.codec

/**
 * What a decoder must make of [bytes], read at leisure, with all of them at hand: the slow twin of [FrameDecoder], against
 * which the fuzzer holds it. It shares no line with it.
 */
internal class ReferenceReader(private val bytes: ByteArray, private val maxMessageSize: Int, private val mayCompress: Boolean) {
    val lines = ArrayList<String>()

    /** All that is wrong with the frame at which reading ends: a decoder says any one of it. Empty where nothing is. */
    val faults = LinkedHashSet<String>()

    private var at = 0
    private var message = ByteArray(0)
    private var kind = 0 // the opcode of the unfinished message, or 0
    private var isCompressed = false

    init {
        while (faults.isEmpty() && lines.lastOrNull()?.startsWith("close") != true) if (!readFrame()) break
    }

    /** False where the bytes end within the frame. */
    private fun readFrame(): Boolean {
        if (bytes.size - at < 2) return false
        val first = bytes[at].toInt() and 0xff
        val second = bytes[at + 1].toInt() and 0xff
        val lengthSize = if (second % 128 == 127) {
            8
        } else if (second % 128 == 126) {
            2
        } else {
            0
        }
        if (bytes.size - at < 2 + lengthSize) return false
        val extended = (0 until lengthSize).fold(0uL) { all, i -> all * 256u + bytes[at + 2 + i].toUByte() }
        val length = if (lengthSize == 0) second.toULong() % 128u else extended
        at += 2 + lengthSize
        find(first, second, lengthSize, length)
        return faults.isEmpty() && readPayload(first, length)
    }

    private fun find(first: Int, second: Int, lengthSize: Int, length: ULong) {
        val opcode = first % 16
        val isFinal = first >= 128
        val reserved = first / 16 % 8
        fault(second >= 128) { "1002 A frame of the server is masked" }
        fault(opcode in 3..7 || opcode >= 11) { "1002 A frame has the reserved opcode $opcode" }
        val fewest = if (length < 126u) {
            0
        } else if (length < 65536u) {
            2
        } else {
            8
        }
        fault(lengthSize != fewest || length > Long.MAX_VALUE.toULong()) { "1002 The length of a frame is not told in the fewest bytes" }
        val isExplained = reserved == 0 || (reserved == 4 && mayCompress && opcode in 1..2)
        fault(!isExplained) { "1002 A frame with a reserved bit was received that no extension explains" }
        if (opcode >= 8) {
            fault(!isFinal) { "1002 A control frame is fragmented" }
            fault(length > 125u) { "1002 A control frame holds $length bytes" }
        } else {
            fault(opcode == 0 && kind == 0) { "1002 A fragment continues no message" }
            fault(opcode != 0 && kind != 0) { "1002 A message begins within another" }
            val before = if (opcode == 0) message.size else 0
            fault(length > (maxMessageSize - before).toULong()) { "1009 A message of more than $maxMessageSize bytes has been received" }
        }
    }

    private fun fault(isSo: Boolean, text: () -> String) {
        if (isSo) faults += text()
    }

    private fun readPayload(first: Int, length: ULong): Boolean {
        val end = minOf(bytes.size.toULong(), at.toULong() + length).toInt()
        val payload = bytes.copyOfRange(at, end)
        at = end
        val isWhole = payload.size.toULong() == length
        when (first % 16) {
            8 -> if (isWhole) lines += "close ${shown(payload)}"
            9 -> if (isWhole) lines += "ping ${shown(payload)}"
            10 -> if (isWhole) lines += "pong ${shown(payload)}"
            else -> readData(first, payload, isWhole)
        }
        return isWhole
    }

    private fun readData(first: Int, payload: ByteArray, isWhole: Boolean) {
        val isFirst = kind == 0
        val isFinal = first >= 128
        if (isFirst) {
            kind = first % 16
            isCompressed = first / 64 % 2 == 1
            message = ByteArray(0)
        }
        message += payload
        if (kind == 1 && !isCompressed) {
            val isText = if (isFinal && isWhole) isUtf8(message) else canBecomeUtf8(message)
            fault(!isText) { "1007 A text message is not valid UTF-8" }
            if (!isText) return
        }
        if (!isWhole) return
        lines += dataLine(payload, kind == 1, isFirst, isFinal, isFirst && isCompressed)
        if (isFinal) kind = 0
    }
}
