package dev.wspool.samples.tunnel

import dev.wspool.PoolEvent
import dev.wspool.samples.tunnel.Ends.Companion.tunnel
import io.ktor.utils.io.readBuffer
import io.ktor.utils.io.readByteArray
import io.ktor.utils.io.readLine
import io.ktor.utils.io.writeByteArray
import io.ktor.utils.io.writeString
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.io.readByteArray
import kotlinx.io.readString
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.util.concurrent.atomic.AtomicInteger
import kotlin.random.Random
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** What goes in at one end comes out at the other. */
@Timeout(100)
class TunnelTest {
    @Test
    fun aThousandConnectionsAtATimeGetTheirOwnBytesBack() = tunnel(connections = 50, maxConnections = 1_100) { ends ->
        val open = AtomicInteger()
        val allAreOpen = CompletableDeferred<Unit>()
        val echoes = List(COUNT) { number ->
            async {
                val socket = ends.connect()
                val sent = Random(number).nextBytes(SIZE)
                socket.output.writeByteArray(sent.copyOf(FIRST))
                socket.output.flush()
                val first = socket.input.readByteArray(FIRST)
                if (open.incrementAndGet() == COUNT) allAreOpen.complete(Unit)
                allAreOpen.await()
                socket.output.writeByteArray(sent.copyOfRange(FIRST, SIZE))
                socket.output.flushAndClose()
                val rest = socket.input.readBuffer().readByteArray()
                socket.close()
                assertContentEquals(sent, first + rest, "connection $number")
            }
        }
        echoes.awaitAll()
        ends.drain()
        for (tally in listOf(ends.server.tally, ends.client.tally)) {
            assertEquals(listOf(1_000L, 0L, 0L), tally.run { listOf(carried, brokenOnes, refusedOnes) })
        }
    }

    @Test
    fun eitherEndMayCloseItsHalfFirstAndTheConnectionIsUsedAgain() {
        val round = AtomicInteger()
        val words = Channel<String>(Channel.UNLIMITED)
        tunnel(
            service = { socket ->
                if (round.getAndIncrement() % 2 == 0) {
                    words.send(socket.input.readBuffer().readString()) // up to its end
                    socket.output.writeString("answer")
                    socket.output.flushAndClose()
                } else {
                    socket.output.writeString("greeting")
                    socket.output.flushAndClose()
                    words.send(socket.input.readBuffer().readString())
                }
                socket.close()
            },
            maxConnections = 1,
        ) { ends ->
            repeat(4) { number ->
                val socket = ends.connect()
                if (number % 2 == 0) {
                    socket.output.writeString("question $number")
                    socket.output.flushAndClose()
                    assertEquals("answer", socket.input.readBuffer().readString())
                } else {
                    assertEquals("greeting", socket.input.readBuffer().readString())
                    socket.output.writeString("thanks $number")
                    socket.output.flushAndClose()
                }
                socket.close()
                assertEquals(if (number % 2 == 0) "question $number" else "thanks $number", words.receive())
            }
            ends.drain()
            assertEquals(4, ends.server.tally.carried)
            assertEquals(listOf(1L, 3L), ends.server.pool.stats.run { listOf(created, reused) }, "one connection carries all")
        }
    }

    /** The server lends a connection again as soon as its own part is done, while the client end may still be busy with the last. */
    @Test
    fun connectionsThatAreUsedAgainAtOnceServeAll() = tunnel(connections = 2, maxConnections = 4) { ends ->
        List(8) { caller ->
            async {
                repeat(100) { number ->
                    val socket = ends.connect()
                    socket.output.writeString("$caller: $number")
                    socket.output.flushAndClose()
                    assertEquals("$caller: $number", socket.input.readBuffer().readString())
                    socket.close()
                }
            }
        }.awaitAll()
        ends.drain()
        for (tally in listOf(ends.server.tally, ends.client.tally)) {
            assertEquals(listOf(800L, 0L, 0L), tally.run { listOf(carried, brokenOnes, refusedOnes) })
        }
        assertTrue(ends.server.pool.stats.created < 20, "${ends.server.pool.stats}")
    }

    @Test
    fun megabytesComeBackAsTheyWere() = runBlocking {
        val troubles = ArrayList<String>()
        val result = Measurement(64L shl 20).run { troubles += it }
        assertTrue(result.isEqual, "$result")
        assertTrue("$result".startsWith("64.0 MiB there and back in "), "$result")
        assertEquals(emptyList(), troubles)
    }

    @Test
    fun whatIsUnderWayGoesOnWhileBothEndsDrain() = tunnel { ends ->
        val socket = ends.connect()
        socket.output.writeString("one\n")
        socket.output.flush()
        assertEquals("one", socket.input.readLine())
        val draining = async(start = CoroutineStart.UNDISPATCHED) { ends.server.pool.events.first { it is PoolEvent.Draining } }
        val drain = async { ends.drain() }
        draining.await()
        socket.output.writeString("two\n")
        socket.output.flushAndClose()
        assertEquals("two", socket.input.readLine())
        assertEquals("", socket.input.readBuffer().readString())
        socket.close()
        drain.await()
        assertEquals(listOf(1L, 0L), listOf(ends.server.tally.carried, ends.server.tally.brokenOnes))
    }

    private companion object {
        const val COUNT = 1_000
        const val SIZE = 10_000
        const val FIRST = 1_000
    }
}
