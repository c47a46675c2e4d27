package dev.wspool.ktor.engine.loop

import dev.wspool.ktor.engine.codec.ClientFrame
import dev.wspool.ktor.engine.codec.Opcode
import dev.wspool.ktor.engine.codec.readClientFrame
import org.junit.jupiter.api.Test
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream
import java.io.DataInputStream
import java.lang.management.BufferPoolMXBean
import java.lang.management.ManagementFactory
import java.nio.ByteBuffer
import java.nio.channels.GatheringByteChannel
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** In which order frames go out that have to wait, and what their waiting costs. */
class OutboxTest {
    private val outbox = Outbox(Shared())
    private val kernel = Kernel()

    @Test
    fun controlFramesOvertakeDataThatHasNotBegunAndNotEachOther() {
        repeat(3) { putData(WHOLE_CHUNK) }
        kernel.takes(10)
        outbox.writeTo(kernel)
        repeat(3) { outbox.putControl(Opcode.PING, byteArrayOf(it.toByte())) }
        putData(5)
        outbox.putControl(Opcode.PONG, byteArrayOf(3))
        val whole = "binary $WHOLE_CHUNK"
        assertEquals(listOf(whole, "ping 0", "ping 1", "ping 2", "pong 3", whole, whole, "binary 5"), drain())
    }

    /** Wherever frames begin: a large one does so with a chunk, small ones share one. */
    @Test
    fun controlFrameWaitsForNoMoreThanTheFrameUnderWay() {
        repeat(3) { putData(LARGE) }
        kernel.takes(10)
        outbox.writeTo(kernel)
        outbox.putControl(Opcode.PING, byteArrayOf(1))
        assertEquals(listOf("binary $LARGE", "ping 1", "binary $LARGE", "binary $LARGE"), drain())
    }

    @Test
    fun controlFramesKeepTheirOrder() {
        repeat(5) { outbox.putControl(Opcode.PING, byteArrayOf(it.toByte())) }
        assertEquals(List(5) { "ping $it" }, drain())
    }

    /** Each has a few bytes: with a chunk for each, 64 KiB in flight would be a hundred megabytes. */
    @Test
    fun controlFramesThatWaitShareTheirChunks() {
        for (waiting in 0..2) {
            repeat(waiting) { putData(WHOLE_CHUNK) }
            kernel.takes(10)
            outbox.writeTo(kernel)
            val before = direct()
            repeat(1_000) { outbox.putControl(Opcode.PONG, ByteArray(0)) }
            val grown = direct() - before
            assertTrue(grown <= 2 * Chunk.SIZE, "$grown bytes for 1,000 pongs")
            drain()
        }
    }

    /** What has begun has to end, or the peer would take the Close for a part of it. */
    @Test
    fun closeInPlaceOfWhatHasNotBegunStandsBehindTheFrameUnderWay() {
        repeat(3) { putData(LARGE) }
        kernel.takes(10)
        outbox.writeTo(kernel)
        outbox.dropUnbegun()
        outbox.putClose(Opcode.CLOSE, byteArrayOf(3, -24))
        assertEquals(listOf("binary $LARGE", "close"), drain())
    }

    /** As where both ends close at once: a connection has one Close, and that is on its way. */
    @Test
    fun closeThatWaitsIsNotTakenOutForAnother() {
        putData(5)
        outbox.putClose(Opcode.CLOSE, byteArrayOf(3, -24))
        outbox.dropUnbegun()
        outbox.putClose(Opcode.CLOSE, byteArrayOf(3, -22))
        assertEquals(listOf("binary 5", "close"), drain())
    }

    @Test
    fun nothingIsPutBehindAClose() {
        assertTrue(outbox.putClose(Opcode.CLOSE, ByteArray(0)))
        assertFalse(putData(5))
        assertFalse(outbox.putControl(Opcode.PONG, ByteArray(0)))
        assertFalse(outbox.putClose(Opcode.CLOSE, ByteArray(0)))
        assertEquals(listOf("close"), drain())
    }

    private fun putData(size: Int) = outbox.putFrame(Opcode.BINARY, ByteArray(size), 0, size, isFinal = true, isCompressed = false)

    private fun drain(): List<String> {
        kernel.takes(Int.MAX_VALUE)
        while (!outbox.isEmpty) outbox.writeTo(kernel)
        val input = DataInputStream(ByteArrayInputStream(kernel.taken.toByteArray()))
        return generateSequence { if (input.available() > 0) describe(input.readClientFrame()) else null }.toList()
    }

    private fun describe(frame: ClientFrame) = when (frame.first and 0x0f) {
        Opcode.PING -> "ping ${frame.payload.single()}"
        Opcode.PONG -> "pong ${frame.payload.singleOrNull()}"
        Opcode.CLOSE -> "close"
        else -> "binary ${frame.payload.size}"
    }

    private fun direct() = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean::class.java).single { it.name == "direct" }.memoryUsed

    private companion object {
        /** What fills a chunk together with its head, so that the next frame begins with the next chunk. */
        const val WHOLE_CHUNK = Chunk.SIZE - 8
        const val LARGE = 50_000
    }

    /** Takes so many bytes and no more. */
    private class Kernel : GatheringByteChannel {
        val taken = ByteArrayOutputStream()
        private var room = 0

        fun takes(bytes: Int) {
            room = bytes
        }

        override fun write(source: ByteBuffer): Int {
            val bytes = ByteArray(minOf(room, source.remaining())).also(source::get)
            room -= bytes.size
            taken.write(bytes)
            return bytes.size
        }

        override fun write(sources: Array<ByteBuffer>): Long = sources.sumOf { write(it).toLong() }

        override fun write(sources: Array<ByteBuffer>, offset: Int, length: Int): Long = write(sources.copyOfRange(offset, offset + length))

        override fun isOpen() = true

        override fun close() = Unit
    }
}
