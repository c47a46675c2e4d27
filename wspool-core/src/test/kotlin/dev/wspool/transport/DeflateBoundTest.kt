package dev.wspool.transport

import com.sun.management.ThreadMXBean
import dev.wspool.Compression
import dev.wspool.MessageTooBigException
import org.junit.jupiter.api.Test
import java.lang.management.ManagementFactory
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

/** A payload cannot make a connection take more memory than its bound, nor pass off a part as the whole. */
class DeflateBoundTest {
    @Test
    fun aMessageMayBeAsLargeAsTheBoundAndNoLarger() {
        for (bound in listOf(1, 63, 64, 65, 1_000, 100_000)) {
            for (message in listOf(::ByteArray, ::jsonOf1)) {
                assertEquals(bound, accept(bound).inflate(payload(message(bound))).size)
                refused(bound, payload(message(bound + 1)))
            }
        }
    }

    @Test
    fun oneKilobyteThatBecomesAMegabyteIsRefusedWithBoundedMemory() {
        val bomb = zeros(1)
        assertTrue(bomb.size < 1_100, "${bomb.size}")
        assertEquals(1_048_576, accept(1_048_576).inflate(bomb).size)
        val bound = 64 * 1024
        assertTrue(allocated { refused(bound, bomb) } < 3 * bound)
    }

    @Test
    fun oneMegabyteThatBecomesAGigabyteIsRefusedWithBoundedMemory() {
        assertContentEquals(ByteArray(3 * 1_048_576), accept(4 * 1_048_576).inflate(zeros(3)))
        val bomb = zeros(1_024)
        val bound = 1_048_576
        assertTrue(bomb.size in 1_000_000..1_200_000, "${bomb.size}")
        assertTrue(allocated { refused(bound, bomb) } < 3 * bound)
    }

    @Test
    fun aMessageWithinTheBoundTakesBoundedMemoryToo() {
        val bound = 1_048_576
        val whole = zeros(1)
        assertTrue(allocated { assertEquals(bound, accept(bound).inflate(whole).size) } < 4 * bound)
    }

    @Test
    fun aMillionEmptyBlocksAreAnEmptyMessage() {
        val empty = ByteArray(1_000_000) { if (it % 2 == 0) 3 else 0 } // BFINAL each time
        assertEquals(0, accept(1_000).inflate(empty).size)
    }

    @Test
    fun whatIsNotDeflateIsMalformed() {
        malformed("invalid block type", hex("07"), hex("ff ff ff ff"))
        malformed("invalid stored block lengths", hex("00 05 00 00 00 48 65 6c 6c 6f 00"))
        malformed("invalid distance too far back", hex("f2 00 11 00 00"))
    }

    @Test
    fun aPartOfAPayloadIsMalformed() {
        for (message in listOf("Hello".toByteArray(), jsonOf(2_000))) {
            val whole = payload(message)
            for (size in 1 until whole.size) {
                assertFailsWith<MalformedMessageException>("$size of ${whole.size}") { accept(10_000).inflate(whole.copyOf(size)) }
            }
        }
        malformed("it ends within a block", hex("00 20 00 df ff 48 65"))
        malformed("it ends within a block", hex("f3 48 cd c9 c9 07")) // what is put behind it would end the block
    }

    @Test
    fun whatFollowsAPayloadIsMalformed() {
        for (more in listOf("00", "07", "f2", "48 65")) {
            assertFailsWith<MalformedMessageException>(more) { accept(10_000).inflate(payload(jsonOf(500)) + hex(more)) }
        }
    }

    @Test
    fun aPayloadMayBeSomewhatLargerThanTheMessage() {
        assertEquals(65, accept(1).maxPayloadSize)
        assertEquals(1_179_712, accept(1_048_576).maxPayloadSize)
        assertEquals(Int.MAX_VALUE - 8, accept(Int.MAX_VALUE).maxPayloadSize)
    }

    @Test
    fun aBoundThatNoArrayReachesIsNoBound() =
        assertContentEquals(jsonOf(5_000), accept(Int.MAX_VALUE).inflate(payload(jsonOf(5_000))))

    private fun malformed(why: String, vararg payloads: ByteArray) {
        for (payload in payloads) {
            val failure = assertFailsWith<MalformedMessageException>(payload.toHex()) { accept(10_000).inflate(payload) }
            assertEquals("A compressed message is malformed: $why", failure.message, payload.toHex())
        }
    }

    private fun refused(bound: Int, payload: ByteArray) {
        val failure = assertFailsWith<MessageTooBigException> { accept(bound).inflate(payload) }
        assertEquals("A message inflates to more than $bound bytes (maxMessageSize)", failure.message)
        assertEquals(bound.toLong(), failure.limit)
    }

    /** The payload of so many MiB of zeros: all but the first are compressed to the same bytes, as they refer back. */
    private fun zeros(mebibytes: Int): ByteArray = DeflatePeer(clientTakesOver = true, serverTakesOver = true).use { peer ->
        val zeros = ByteArray(1_048_576)
        // A part of a message ends as a message does, and begins with what that has cut off.
        val first = peer.payload(zeros)
        val other = hex("00 00 ff ff") + peer.payload(zeros)
        val all = first.copyOf(first.size + other.size * (mebibytes - 1))
        for (at in first.size until all.size step other.size) other.copyInto(all, at)
        all
    }

    private fun payload(message: ByteArray) =
        DeflatePeer(clientTakesOver = false, serverTakesOver = false).use { it.payload(message) }

    private fun jsonOf1(size: Int) = jsonOf(size)

    private fun accept(bound: Int) = checkNotNull(PerMessageDeflate.accept(Compression(), listOf("permessage-deflate"), bound))

    private fun allocated(work: () -> Unit): Long {
        val threads = ManagementFactory.getThreadMXBean() as ThreadMXBean
        val me = Thread.currentThread().id
        val before = threads.getThreadAllocatedBytes(me)
        work()
        return threads.getThreadAllocatedBytes(me) - before
    }
}
