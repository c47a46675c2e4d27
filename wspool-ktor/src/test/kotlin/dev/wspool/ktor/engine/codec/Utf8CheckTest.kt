package dev.wspool.ktor.engine.codec

import org.junit.jupiter.api.Test
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.test.fail

/** The oracle is the JDK's decoder. */
class Utf8CheckTest {
    @Test
    fun allSequencesOfUpToThreeBytesAreAsTheJdkSays() {
        for (size in 1..3) {
            val bytes = ByteArray(size)
            for (number in 0 until (1 shl (8 * size))) {
                for (i in bytes.indices) bytes[i] = (number shr (8 * i)).toByte()
                if (isWhole(bytes) != isUtf8(bytes)) assertEquals(isUtf8(bytes), isWhole(bytes), shown(bytes))
            }
        }
    }

    @Test
    fun allCharactersAreAcceptedByteByByte() {
        for (point in 0..Character.MAX_CODE_POINT) {
            if (point in 0xd800..0xdfff) continue
            val bytes = String(Character.toChars(point)).toByteArray()
            val check = Utf8Check()
            for (i in bytes.indices) {
                val isRight = check.accepts(bytes, i, i + 1) && check.isWithinCharacter == (i < bytes.lastIndex)
                if (!isRight) fail("U+%X at $i".format(point))
            }
        }
    }

    @Test
    fun firstByteThatCannotBeIsFound() {
        for (first in 0x80..0xff) assertRefusedWhereNothingCanFollow(bytesOf(first))
    }

    @Test
    fun randomSequencesAreAsTheJdkSaysHoweverTheyAreSplit() {
        val random = Random(6)
        repeat(20_000) {
            val bytes = if (it % 2 == 0) random.sequence() else random.text().also { text -> text.spoilNow(random) }
            val expected = isUtf8(bytes)
            assertEquals(expected, isWhole(bytes), shown(bytes))
            for (middle in bytes.indices) assertEquals(expected, isWhole(bytes, middle), "${shown(bytes)} split at $middle")
        }
    }

    @Test
    fun bytesOutsideOfTheRangeAreNotLookedAt() {
        val bytes = bytesOf(0xff, 0xe2, 0x82, 0xac, 0xff)
        val check = Utf8Check()
        assertTrue(check.accepts(bytes, 1, 4))
        assertFalse(check.isWithinCharacter)
        assertTrue(check.accepts(bytes, 5, 5))
        assertFalse(check.accepts(bytes, 4, 5))
    }

    private fun isWhole(bytes: ByteArray, middle: Int = 0): Boolean {
        val check = Utf8Check()
        return check.accepts(bytes, 0, middle) && check.accepts(bytes, middle, bytes.size) && !check.isWithinCharacter
    }

    /** Of [bytes], whose last alone is in question; and of all that go on from there. */
    private fun assertRefusedWhereNothingCanFollow(bytes: ByteArray) {
        val check = Utf8Check().apply { accepts(bytes, 0, bytes.size - 1) }
        val expected = canBecomeUtf8(bytes)
        assertEquals(expected, check.accepts(bytes, bytes.size - 1, bytes.size), shown(bytes))
        if (expected && bytes.size < 4) for (next in EDGES) assertRefusedWhereNothingCanFollow(bytes + next.toByte())
    }

    private fun Random.sequence(): ByteArray = ByteArray(nextInt(1, 9)) { EDGES.random(this).toByte() }

    private fun Random.text(): ByteArray = buildString { repeat(nextInt(1, 9)) { appendCodePoint(randomPoint()) } }.toByteArray()

    private fun ByteArray.spoilNow(random: Random) {
        if (random.nextBoolean()) this[random.nextInt(size)] = random.nextInt().toByte()
    }

    private companion object {
        /** The ends of all ranges that table 3-7 of the Unicode Standard knows, and their neighbours. */
        val EDGES = listOf(
            0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf,
            0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
        )
    }
}
