package dev.wspool

import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.io.IOException
import java.util.concurrent.Executors
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** How a stream of bytes ends, and half of it. */
@OptIn(ExperimentalCoroutinesApi::class)
class ByteStreamEndTest {
    private val connector = FakeConnector(autoConnect = true)
    private val peer: FakeConnection get() = connector.connections.last()

    private fun TestScope.pool(configure: PoolConfig.Builder.() -> Unit = {}) = poolOf(connector) {
        maxConnections = 1
        configure()
    }

    @Test
    fun aNormalCloseIsTheEndAfterAllThatCameBeforeAndAnyOtherAFailure() = runTest {
        for (code in listOf(1000, 1001, 1006, 1011)) {
            val pool = pool()
            pool.withConnection {
                val stream = byteStream()
                peer.receives("abc".encodeToByteArray())
                peer.closes(code)
                assertEquals("abc", stream.read()?.decodeToString())
                repeat(2) {
                    if (code <= 1001) {
                        assertNull(stream.read())
                        assertEquals(-1, stream.read(ByteArray(3)))
                    } else {
                        assertEquals(code, assertFailsWith<ConnectionLostException> { stream.read() }.closeInfo.code)
                    }
                }
            }
            pool.assertNothingLeft(connector)
        }
    }

    @Test
    fun closingTheOutputSendsWhatWasWrittenAndACloseFrameAndWaitsForThePeers() = runTest {
        val pool = pool()
        connector.onConnection = { it.answersClose = false }
        pool.withConnection {
            val stream = byteStream()
            peer.receives("abc".encodeToByteArray())
            stream.write("request".encodeToByteArray())
            stream.closeOutput()
            stream.closeOutput()
            assertEquals(listOf("request"), peer.sentBytes)
            assertEquals(CloseInfo(1000), peer.closedWith)
            assertEquals("abc", stream.read()?.decodeToString(), "what had come")
            val atEnd = async { stream.read() }
            runCurrent()
            peer.closes(1000)
            assertNull(atEnd.await())
            assertEquals(
                "The output of $this is closed",
                assertFailsWith<IOException> { stream.write(byteArrayOf(1)) }.message,
            )
        }
        pool.assertDirty()
        pool.assertNothingLeft(connector)
    }

    @Test
    fun withAnAgreedEndOneDirectionIsClosedAndTheOtherIsNot() = runTest {
        val pool = pool()
        pool.withConnection {
            val stream = byteStream(StreamEnd.EmptyMessage)
            stream.write("question".encodeToByteArray())
            stream.closeOutput()
            assertEquals(listOf("question", ""), peer.sentBytes)
            peer.receives("answer".encodeToByteArray())
            peer.receives(ByteArray(0))
            peer.receives("of the next stream".encodeToByteArray())
            assertEquals("answer", stream.read()?.decodeToString())
            repeat(2) { assertNull(stream.read()) }
            stream.close()

            val next = byteStream(StreamEnd.EmptyMessage)
            assertEquals("of the next stream", next.read()?.decodeToString())
            peer.receives(ByteArray(0))
            assertNull(next.read())
            next.close()
            assertEquals(listOf("question", "", ""), peer.sentBytes, "close has told the peer")
        }
        pool.assertClean()
    }

    @Test
    fun withAnAgreedEndACloseInItsPlaceIsAFailureAndAfterItIsNone() = runTest {
        for (code in listOf(1000, 1001, 1006)) {
            val pool = pool()
            pool.withConnection {
                val stream = byteStream(StreamEnd.EmptyMessage)
                peer.receives("half of it".encodeToByteArray())
                peer.closes(code)
                assertEquals("half of it", stream.read()?.decodeToString())
                repeat(2) { assertEquals(code, assertFailsWith<ConnectionLostException> { stream.read() }.closeInfo.code) }
            }
            pool.withConnection {
                val stream = byteStream(StreamEnd.EmptyMessage)
                peer.receives("all of it".encodeToByteArray())
                peer.receives(ByteArray(0))
                peer.closes(code)
                assertEquals("all of it", stream.read()?.decodeToString())
                repeat(2) { assertNull(stream.read()) }
            }
            pool.assertNothingLeft(connector)
        }
    }

    @Test
    fun withAnAgreedEndAStreamIsCleanOnlyWhenBothEndsAreTold() = runTest {
        val leavings = mapOf<String, suspend ByteStream.() -> Unit>(
            "nothing" to {},
            "peer only" to {
                peer.receives(ByteArray(0))
                assertNull(read())
            },
            "own only" to { closeOutput() },
            "bytes" to {
                peer.receives(byteArrayOf(1))
                read()
            },
            "sent" to {
                write(byteArrayOf(1))
                flush()
            },
        )
        for ((name, leave) in leavings) {
            val pool = pool()
            pool.withConnection { byteStream(StreamEnd.EmptyMessage).leave() }
            assertEquals(if (name == "nothing") 1 else 0, pool.stats.idle, name)
        }
    }

    // ---- its end while a read waits --------------------------------------------------------------------------------------

    @Test
    fun aReadThatWaitsIsToldWhenTheInputOrTheStreamEnds() = runTest {
        val endings = mapOf<String, suspend ByteStream.() -> Unit>(
            "The input of" to { closeInput() },
            "The byte stream on" to { abandon() },
            "The byte stream on " to { close() },
        )
        for ((what, end) in endings) {
            for (timeout in listOf(Duration.INFINITE, 1.minutes)) {
                val pool = pool()
                pool.withConnection {
                    val stream = byteStream()
                    stream.readTimeout = timeout
                    val reads = List(2) { async { runCatching { stream.read() }.exceptionOrNull() } }
                    runCurrent()
                    stream.end()
                    runCurrent()
                    val told = assertIs<IOException>(reads.first().await()).message!!
                    assertTrue(told.startsWith(what) && told.endsWith("is closed"), told)
                    assertIs<IOException>(reads.last().await(), "one who waits for the first")
                }
                pool.assertDirty()
                pool.assertNothingLeft(connector)
            }
        }
    }

    @Test
    fun aStreamThatIsClosedLeavesWhatComesToTheNextOnItsLease() = runTest {
        val pool = pool()
        pool.withConnection {
            val first = byteStream()
            val waiting = async { runCatching { first.read() }.exceptionOrNull() }
            runCurrent()
            peer.receives("abc".encodeToByteArray()) // on its way to the reader
            first.close()
            runCurrent()
            assertIs<IOException>(waiting.await())
            val next = byteStream()
            assertEquals("abc", next.readText(9))
            val reading = async { next.readText(9) }
            runCurrent()
            first.close()
            first.abandon()
            runCurrent()
            peer.receives("def".encodeToByteArray())
            assertEquals("def", reading.await(), "the end of the first is not that of the next")
        }
    }

    @Test
    @Timeout(60)
    fun aMessageThatReachesAReaderWhileHeIsCancelledIsTheNextReaders() = runTest {
        val pool = pool()
        pool.withConnection {
            val inbox = real().inbox
            lateinit var reader: Thread
            Executors.newSingleThreadExecutor { task -> Thread(task).also { reader = it } }.asCoroutineDispatcher().use { dispatcher ->
                val reading = launch(dispatcher) { byteStream().read() }
                while (!inbox.isWaitedFor) Thread.onSpinWait()
                synchronized(inbox) {
                    peer.receives(byteArrayOf(7))
                    while (reader.state != Thread.State.BLOCKED) Thread.onSpinWait() // with the message, and about to say so
                    reading.cancel()
                }
                reading.join()
            }
            val next = byteStream().apply { readTimeout = 1.seconds }
            assertContentEquals(byteArrayOf(7), next.read())
        }
        pool.assertClean()
    }
}
