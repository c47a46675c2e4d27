package dev.wspool.transport

import dev.wspool.Compression
import org.junit.jupiter.api.Test
import java.util.zip.Deflater
import kotlin.random.Random
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** What one end compresses the other understands, whoever takes over what. */
class DeflateRoundTripTest {
    @Test
    fun messagesOfAllSizesArriveInBothDirections() {
        for (clientTakesOver in listOf(true, false)) {
            for (serverTakesOver in listOf(true, false)) arrive(clientTakesOver, serverTakesOver)
        }
    }

    private fun arrive(clientTakesOver: Boolean, serverTakesOver: Boolean) {
        val who = "client takes over: $clientTakesOver, server: $serverTakesOver"
        for (level in listOf(-1, 1, 9)) {
            accept(clientTakesOver, serverTakesOver, level).use { ours ->
                DeflatePeer(clientTakesOver, serverTakesOver, level).use { peer ->
                    for (message in messages()) {
                        ours.deflate(message)?.let {
                            assertTrue(it.size < message.size, who)
                            assertContentEquals(message, peer.message(it), who)
                        }
                        val payload = peer.payload(message)
                        assertTrue(payload.size <= ours.maxPayloadSize, "$who: ${payload.size}")
                        assertContentEquals(message, ours.inflate(payload), who)
                    }
                }
            }
        }
    }

    /** Compressible and random ones in turn, so that what is not sent compressed stands between others. */
    private fun messages() = listOf(0, 1, 10, 1_000, 16_383, 16_384, 32_768, 32_769, 65_536, 100_000, 1_048_576, 5, 700)
        .flatMap { size -> listOf(jsonOf(size), Random(size).nextBytes(size), jsonOf(size), ByteArray(size), jsonOf(size, seed = 2)) }

    @Test
    fun aServerMayFlushInOtherWays() {
        for ((level, flush) in listOf(0 to Deflater.SYNC_FLUSH, 6 to Deflater.FULL_FLUSH)) {
            val ours = accept(clientTakesOver = true, serverTakesOver = true)
            val peer = DeflatePeer(clientTakesOver = true, serverTakesOver = true, level)
            for (message in messages()) assertContentEquals(message, ours.inflate(peer.payload(message, flush)))
        }
    }

    @Test
    fun whatIsBelowMinSizeIsNotCompressed() {
        val ours = accept(Compression(minSize = 1024))
        assertNull(ours.deflate(ByteArray(1023)))
        assertNotNull(ours.deflate(ByteArray(1024)))
    }

    @Test
    fun whatDoesNotBecomeSmallerIsNotCompressed() {
        for (compression in listOf(Compression(0), Compression(0, clientNoContextTakeover = false))) {
            val ours = accept(compression)
            for (size in listOf(0, 1, 100, 10_000, 1_048_576)) assertNull(ours.deflate(Random(size).nextBytes(size)), "$size")
        }
    }

    @Test
    fun whatOnlyJustBecomesSmallerIsCompressed() {
        val smallest = (1..100).first { accept(Compression(0)).deflate(ByteArray(it)) != null }
        val ours = checkNotNull(accept(Compression(0)).deflate(ByteArray(smallest)))
        assertEquals(smallest - 1, ours.size)
        assertContentEquals(ours, DeflatePeer(clientTakesOver = false, serverTakesOver = false).payload(ByteArray(smallest)))
    }

    @Test
    fun theLevelIsTheOneThatWasSet() {
        val message = jsonOf(20_000)
        for (level in listOf(-1, 1, 6, 9)) {
            val expected = DeflatePeer(clientTakesOver = false, serverTakesOver = false, level).payload(message)
            assertContentEquals(expected, accept(Compression(level = level)).deflate(message), "$level")
        }
        val (fast, small) = listOf(1, 9).map { checkNotNull(accept(Compression(level = it)).deflate(message)).size }
        assertTrue(small < fast)
    }

    @Test
    fun aContextThatIsTakenOverMakesTheNextMessageSmaller() {
        val message = jsonOf(1_000)
        val taking = accept(Compression(0, clientNoContextTakeover = false))
        val first = checkNotNull(taking.deflate(message)).size
        assertTrue(checkNotNull(taking.deflate(message)).size < first / 10)
        val not = accept(Compression(0))
        assertEquals(listOf(first, first), List(2) { not.deflate(message)?.size })
    }

    @Test
    fun whatWasSentUncompressedIsNotReferredTo() {
        val random = Random(1).nextBytes(10_000)
        val ours = accept(Compression(0, clientNoContextTakeover = false))
        val peer = DeflatePeer(clientTakesOver = true, serverTakesOver = true)
        assertNull(ours.deflate(random))
        val twice = jsonOf(500) + random.copyOf(500)
        assertContentEquals(twice, peer.message(checkNotNull(ours.deflate(twice))))
    }

    @Test
    fun theWindowIsNoLargerThanTheServerSaysItIs() {
        // With 8 asked for, zlib uses 9.
        for ((bits, size, isKept) in listOf(Triple(10, 600, true), Triple(9, 600, false), Triple(8, 600, false), Triple(8, 400, true))) {
            val far = Random(1).nextBytes(size)
            val ours = accept(Compression(), "permessage-deflate; server_max_window_bits=$bits")
            val peer = DeflatePeer(clientTakesOver = false, serverTakesOver = true)
            assertContentEquals(far, ours.inflate(peer.payload(far)))
            val referring = peer.payload(far)
            if (isKept) assertContentEquals(far, ours.inflate(referring)) else malformed(ours, referring)
        }
    }

    @Test
    fun nothingIsKeptOfAServerThatTakesNothingOver() {
        val ours = accept(Compression(), "permessage-deflate; server_no_context_takeover")
        assertEquals("Hello", ours.inflate(hex("f2 48 cd c9 c9 07 00")).decodeToString())
        malformed(ours, hex("f2 00 11 00 00"))
    }

    private fun malformed(ours: PerMessageDeflate, payload: ByteArray) {
        val failure = assertFailsWith<MalformedMessageException> { ours.inflate(payload) }
        assertEquals("A compressed message is malformed: invalid distance too far back", failure.message)
    }

    private fun accept(clientTakesOver: Boolean, serverTakesOver: Boolean, level: Int = -1) = accept(
        Compression(0, level, !clientTakesOver, !serverTakesOver),
        if (serverTakesOver) "permessage-deflate" else "permessage-deflate; server_no_context_takeover",
    )

    private fun accept(compression: Compression, answer: String = "permessage-deflate") =
        checkNotNull(PerMessageDeflate.accept(compression, listOf(answer), 1_048_576))
}
