package dev.wspool.internal.deflate

import dev.wspool.Compression
import dev.wspool.MessageTooBigException
import dev.wspool.transport.MalformedMessageException
import dev.wspool.transport.PerMessageDeflate
import org.junit.jupiter.api.Test
import java.util.concurrent.CyclicBarrier
import java.util.zip.Deflater
import java.util.zip.Inflater
import kotlin.concurrent.thread
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** Native memory is freed as soon as it is of no more use, whoever closes and when. */
class NativeMemoryTest {
    private val made = ArrayList<CountedDeflater>()

    private inner class CountedDeflater(private val atInput: () -> Unit) : Deflater(DEFAULT_COMPRESSION, true) {
        @Volatile
        var isEnded = false

        init {
            made += this
        }

        override fun setInput(input: ByteArray) {
            super.setInput(input)
            atInput()
        }

        override fun end() {
            isEnded = true
            super.end()
        }
    }

    private class CountedInflater : Inflater(true) {
        var isEnded = false

        override fun end() {
            isEnded = true
            super.end()
        }
    }

    private val message = ByteArray(1_000)

    @Test
    fun withoutTakeoverNothingIsHeldBetweenMessages() {
        val deflater = deflater(takesOver = false)
        repeat(3) { assertNotNull(deflater.deflate(message)) }
        assertEquals(listOf(true, true, true), made.map { it.isEnded })
    }

    @Test
    fun nothingIsMadeBeforeTheFirstMessage() {
        deflater(takesOver = true).close()
        assertEquals(0, made.size)
    }

    @Test
    fun withTakeoverOneIsHeldUntilTheClose() {
        val deflater = deflater(takesOver = true)
        repeat(3) { deflater.deflate(message) }
        assertEquals(listOf(false), made.map { it.isEnded })
        deflater.close()
        assertEquals(listOf(true), made.map { it.isEnded })
        deflater.close()
    }

    @Test
    fun aContextThatThePeerCannotHaveIsNotHeld() {
        val deflater = deflater(takesOver = true)
        assertNull(deflater.deflate(Random(1).nextBytes(1_000)))
        assertEquals(listOf(true), made.map { it.isEnded })
    }

    @Test
    fun aFailureLeavesNothingHeldAndTheNextMessageIsWell() {
        var failing = true
        val deflater = deflater(takesOver = true) { check(!failing) { "no memory" } }
        assertEquals("no memory", assertFailsWith<IllegalStateException> { deflater.deflate(message) }.message)
        failing = false
        assertNotNull(deflater.deflate(message))
        assertEquals(listOf(true, false), made.map { it.isEnded })
    }

    @Test
    fun aMessageThatIsBeingDeflatedIsFinishedAndFreesWhatTheCloseCouldNot() {
        lateinit var deflater: MessageDeflater
        deflater = deflater(takesOver = true) {
            deflater.close()
            deflater.close()
            assertEquals(listOf(false), made.map { it.isEnded })
        }
        assertNotNull(deflater.deflate(message))
        assertEquals(listOf(true), made.map { it.isEnded })
        assertClosed { deflater.deflate(message) }
    }

    @Test
    fun twoMessagesAtOnceAreRefused() {
        lateinit var deflater: MessageDeflater
        var inner: Throwable? = null
        deflater = deflater(takesOver = true) {
            if (inner == null) inner = assertFailsWith<IllegalStateException> { deflater.deflate(message) }
        }
        assertNotNull(deflater.deflate(message))
        assertEquals("Two messages are deflated at once", inner?.message)
        assertNotNull(deflater.deflate(message), "the one that was under way has gone on")
    }

    @Test
    fun aCloseAtAnyMomentLeavesNothing() {
        repeat(500) {
            made.clear()
            val deflater = deflater(takesOver = true)
            val together = CyclicBarrier(2)
            val closer = thread {
                together.await()
                deflater.close()
            }
            together.await()
            val ended = runCatching { while (true) deflater.deflate(message) }.exceptionOrNull()
            closer.join()
            assertEquals("The connection's compression is closed", ended?.message)
            assertTrue(made.all { it.isEnded })
        }
    }

    @Test
    fun anInflaterLivesForOneMessageHoweverThatEnds() {
        val made = ArrayList<CountedInflater>()
        val inflater = MessageInflater(takesOver = true, windowBits = 15, bound = 100) { CountedInflater().also { made += it } }
        assertEquals("Hello", inflater.inflate(HELLO).decodeToString())
        assertFailsWith<MalformedMessageException> { inflater.inflate(byteArrayOf(7)) }
        val big = checkNotNull(MessageDeflater(takesOver = false, level = 9).deflate(message))
        assertFailsWith<MessageTooBigException> { inflater.inflate(big) }
        assertEquals(listOf(true, true, true), made.map { it.isEnded })
    }

    @Test
    fun nothingCanBeDoneAfterTheClose() {
        for (compression in listOf(Compression(), Compression(clientNoContextTakeover = false))) {
            val deflate = checkNotNull(PerMessageDeflate.accept(compression, listOf("permessage-deflate"), 1_000_000))
            assertNotNull(deflate.deflate(ByteArray(2_000)))
            assertEquals("Hello", deflate.inflate(HELLO).decodeToString())
            repeat(2) { deflate.close() }
            assertClosed { deflate.deflate(ByteArray(2_000)) }
            assertClosed { deflate.inflate(HELLO) }
        }
    }

    private fun deflater(takesOver: Boolean, atInput: () -> Unit = {}) = MessageDeflater(takesOver) { CountedDeflater(atInput) }

    private fun assertClosed(use: () -> Unit) =
        assertEquals("The connection's compression is closed", assertFailsWith<IllegalStateException> { use() }.message)

    private companion object {
        val HELLO = byteArrayOf(0xf2.toByte(), 0x48, 0xcd.toByte(), 0xc9.toByte(), 0xc9.toByte(), 7, 0)
    }
}
