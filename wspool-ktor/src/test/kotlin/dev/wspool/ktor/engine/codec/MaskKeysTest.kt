package dev.wspool.ktor.engine.codec

import org.junit.jupiter.api.Test
import java.security.SecureRandom
import java.util.concurrent.CountDownLatch
import kotlin.concurrent.thread
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** No key is used twice, and whoever saw all before can say nothing of the next. */
class MaskKeysTest {
    @Test
    fun keysAreWhatTheRandomSourceGaveEachOnce() {
        val source = Counting()
        val keys = MaskKeys(source)
        assertEquals((1..1000).toList(), List(1000) { keys.next() })
        assertTrue(source.draws in 2..20, "drawn many at a time, not in ${source.draws}")
    }

    @Test
    fun threadsNeverShareAKey() {
        val keys = MaskKeys(Counting())
        val start = CountDownLatch(1)
        val drawn = List(4) { IntArray(250_000) }
        val threads = drawn.map { mine ->
            thread {
                start.await()
                for (i in mine.indices) mine[i] = keys.next()
            }
        }
        start.countDown()
        threads.forEach { it.join() }
        val all = drawn.flatMap { it.asList() }.toIntArray().apply { sort() }
        assertContentEquals(IntArray(1_000_000) { it + 1 }, all)
    }

    @Test
    fun defaultSourceIsDifferentEachTime() {
        val keys = List(10) { MaskKeys().next() }
        assertTrue(keys.toSet().size > 5, "$keys")
    }

    /** Gives 1, 2, 3 and so on, four bytes each. */
    private class Counting : SecureRandom() {
        var draws = 0
            private set
        private var count = 0

        override fun nextBytes(bytes: ByteArray) {
            draws++
            for (i in bytes.indices) {
                if (i % 4 == 0) count++
                bytes[i] = (count shr (24 - i % 4 * 8)).toByte()
            }
        }
    }
}
