package dev.wspool.ktor.engine.tls

import org.junit.jupiter.api.Test
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotSame
import kotlin.test.assertSame
import kotlin.test.assertTrue

/** What connections share. */
class TlsBuffersTest {
    @Test
    fun bufferThatIsGivenBackIsTakenAgainAndIsEmpty() {
        val buffers = TlsBuffers()
        val first = buffers.take(TlsBuffers.SIZE)
        assertEquals(1, buffers.taken)
        first.put(ByteArray(100)).flip()
        buffers.give(first)
        assertEquals(0, buffers.taken)
        assertSame(first, buffers.take(5_000))
        assertEquals(first.capacity(), first.remaining())
        assertNotSame(first, buffers.take(5_000))
    }

    @Test
    fun noMoreAreKeptThanAreUseful() {
        val buffers = TlsBuffers(most = 2)
        List(5) { buffers.take(TlsBuffers.SIZE) }.forEach(buffers::give)
        assertEquals(2, buffers.idle)
        assertEquals(0, buffers.taken)
    }

    @Test
    fun whatIsSmallOrLargeIsNotShared() {
        val buffers = TlsBuffers()
        for (size in listOf(5, 100, TlsBuffers.SIZE + 1, 65_540)) {
            val own = buffers.take(size)
            assertEquals(size, own.capacity())
            buffers.give(own)
        }
        assertEquals(0, buffers.idle)
    }

    @Test
    fun bufferIsGivenBackOnce() {
        val buffers = TlsBuffers()
        val buffer = buffers.take(1)
        buffers.give(buffer)
        assertFailsWith<IllegalStateException> { buffers.give(buffer) }
    }

    @Test
    fun twoNeverHaveTheSame() {
        val buffers = TlsBuffers(most = 3)
        val broken = AtomicInteger()
        val threads = List(4) { number ->
            thread {
                repeat(20_000) {
                    val buffer = buffers.take(TlsBuffers.SIZE)
                    buffer.put(0, number.toByte())
                    Thread.onSpinWait()
                    if (buffer.get(0) != number.toByte()) broken.incrementAndGet()
                    buffers.give(buffer)
                }
            }
        }
        threads.forEach(Thread::join)
        assertEquals(0, broken.get())
        assertEquals(0, buffers.taken)
        assertTrue(buffers.idle <= 3)
    }
}
