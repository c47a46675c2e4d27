package dev.wspool.ktor.engine.codec

import kotlin.random.Random

/**
 * A random stream of frames that a server may send, and what a decoder must tell of it. Half of the texts are long enough to be split
 * within a character; control frames stand between fragments; the stream ends where it does, with or without a Close.
 */
internal class FrameStream(private val random: Random, private val maxMessageSize: Int, private val mayCompress: Boolean) {
    val frames = ArrayList<WireFrame>()
    val lines = ArrayList<String>()

    init {
        repeat(random.nextInt(1, 12)) { if (random.nextInt(3) == 0) control() else message() }
        if (random.nextInt(4) == 0) add(WireFrame(Opcode.CLOSE, random.nextBytes(random.nextInt(126))), "close")
    }

    private fun control() {
        val payload = random.nextBytes(if (random.nextBoolean()) random.nextInt(10) else listOf(0, 124, 125).random(random))
        if (random.nextBoolean()) add(WireFrame(Opcode.PING, payload), "ping") else add(WireFrame(Opcode.PONG, payload), "pong")
    }

    private fun add(frame: WireFrame, kind: String) {
        frames += frame
        lines += "$kind ${shown(frame.payload)}"
    }

    private fun message() {
        val isText = random.nextBoolean()
        val isCompressed = mayCompress && random.nextBoolean()
        val payload = if (isText && !isCompressed) text() else random.nextBytes(size())
        val cuts = if (random.nextBoolean()) emptyList() else List(random.nextInt(1, 5)) { random.nextInt(payload.size + 1) }.sorted()
        val ends = cuts + payload.size
        for ((i, end) in ends.withIndex()) {
            val part = payload.copyOfRange(if (i == 0) 0 else ends[i - 1], end)
            val opcode = if (i > 0) {
                Opcode.CONTINUATION
            } else if (isText) {
                Opcode.TEXT
            } else {
                Opcode.BINARY
            }
            val isFinal = i == ends.lastIndex
            frames += WireFrame(opcode, part, isFinal, if (isCompressed && i == 0) WireFrame.RSV1 else 0)
            lines += dataLine(part, isText, isFirst = i == 0, isFinal, isCompressed && i == 0)
            if (!isFinal && random.nextInt(3) == 0) control()
        }
    }

    private fun size(): Int = when (random.nextInt(20)) {
        in 0..11 -> random.nextInt(20)
        in 12..17 -> SIZES.random(random)
        else -> LARGE_SIZES.random(random)
    }.coerceAtMost(maxMessageSize)

    private fun text(): ByteArray {
        val size = size()
        val text = StringBuilder()
        var bytes = 0
        while (true) {
            val point = if (random.nextBoolean()) 'a'.code else random.randomPoint()
            bytes += if (point < 0x80) {
                1
            } else if (point < 0x800) {
                2
            } else if (point < 0x10000) {
                3
            } else {
                4
            }
            if (bytes > size) return text.toString().toByteArray()
            text.appendCodePoint(point)
        }
    }

    companion object {
        /** About the bounds of the classes of lengths. */
        val SIZES = listOf(0, 1, 124, 125, 126, 127, 128, 255, 256, 1000, 65535, 65536)
        private val LARGE_SIZES = listOf(65534, 65537, 100_000, 200_000)
    }
}
