package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import java.io.IOException
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull
import kotlin.test.assertSame
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** A lease's binary messages as bytes, and what of a stream makes the lease dirty. */
@OptIn(ExperimentalCoroutinesApi::class)
class ByteStreamTest {
    private val connector = FakeConnector(autoConnect = true)
    private val peer: FakeConnection get() = connector.connections.last()

    private fun TestScope.pool(configure: PoolConfig.Builder.() -> Unit = {}) = poolOf(connector) {
        maxConnections = 1
        configure()
    }

    @Test
    fun readsOfAnySizeGoAcrossTheBordersOfMessages() = runTest {
        val pool = pool()
        pool.withConnection {
            val stream = byteStream()
            peer.receives("abcde".encodeToByteArray())
            peer.receives(ByteArray(0))
            peer.receives("fgh".encodeToByteArray())
            assertEquals("ab", stream.readText(2))
            assertEquals(3, stream.available)
            assertEquals("cde", stream.readText(99), "never a part of the next message")
            assertEquals("fgh", stream.read()?.decodeToString(), "an empty message is no byte")
            assertEquals(0, stream.read(ByteArray(3), 1, 0))
            assertFailsWith<IndexOutOfBoundsException> { stream.read(ByteArray(3), 2, 2) }
        }
        pool.assertClean()
    }

    @Test
    fun aPartOfAMessageThatIsReadIntoTheMiddleOfAnArrayLeavesTheRestAlone() = runTest {
        pool().withConnection {
            val stream = byteStream()
            peer.receives("abc".encodeToByteArray())
            val bytes = "......".encodeToByteArray()
            assertEquals(2, stream.read(bytes, 1, 2))
            assertEquals(".ab...", bytes.decodeToString())
            assertEquals("c", stream.read()?.decodeToString())
        }
    }

    @Test
    fun writesAreMessagesThatAFlushOrTheirSizeBounds() = runTest {
        val pool = pool()
        pool.withConnection {
            val stream = byteStream(messageSize = 4)
            stream.write("abc".encodeToByteArray())
            assertEquals(emptyList(), peer.sentBytes)
            stream.flush()
            stream.flush()
            assertEquals(listOf("abc"), peer.sentBytes)
            stream.write("_defghijklm_".encodeToByteArray(), 1, 10)
            assertEquals(listOf("abc", "defg", "hijk"), peer.sentBytes)
            stream.close()
            assertEquals(listOf("abc", "defg", "hijk", "lm"), peer.sentBytes)
        }
        pool.assertClean()
    }

    @Test
    fun anArrayMayBeChangedWhenItsWriteHasReturned() = runTest {
        pool().withConnection {
            val stream = byteStream(messageSize = 2)
            val bytes = "ab".encodeToByteArray()
            stream.write(bytes)
            bytes.fill(0)
            assertEquals(listOf("ab"), peer.sentBytes)
        }
    }

    @Test
    fun whatIsLeftUnreadOrUnsentIsDirty() = runTest {
        val leavings = listOf<suspend ByteStream.() -> Unit>(
            { peer.receives(byteArrayOf(1)) },
            {
                peer.receives(byteArrayOf(1, 2))
                read(ByteArray(1))
            },
            { write(byteArrayOf(1)) },
            { closeInput() },
            { abandon() },
        )
        for ((number, leave) in leavings.withIndex()) {
            val pool = pool()
            pool.withConnection { byteStream().leave() }
            assertEquals(0, pool.stats.idle, "number $number")
        }
    }

    @Test
    fun policiesForUnreadMessagesDoNotForgiveAMessageThatIsReadInPart() = runTest {
        for (policy in listOf(UnreadMessages.Drop, UnreadMessages.Keep)) {
            val pool = pool { unreadMessages = policy }
            pool.withConnection {
                peer.receives(byteArrayOf(1, 2))
                byteStream().read(ByteArray(1))
            }
            pool.assertDirty()
        }
    }

    @Test
    fun aTextAmongTheBytesIsATypedErrorAndStaysOne() = runTest {
        val pool = pool()
        pool.withConnection {
            val stream = byteStream()
            peer.receives("hello")
            val e = assertFailsWith<UnexpectedMessageException> { stream.read() }
            assertEquals("Expected bytes on $this, got a text message of 5 characters", e.message)
            assertEquals(Message.Text("hello"), e.received)
            peer.receives(byteArrayOf(1))
            assertFailsWith<UnexpectedMessageException> { stream.read() }
            receive()
        }
        pool.assertDirty()
    }

    // ---- giving up -----------------------------------------------------------------------------------------------------

    @Test
    fun aReadThatIsCancelledLosesNoByte() = runTest {
        val pool = pool()
        pool.withConnection {
            val stream = byteStream()
            val waiting = launch { stream.read(ByteArray(8)) }
            runCurrent()
            waiting.cancelAndJoin()
            val reading = launch { stream.read() }
            runCurrent()
            peer.receives("abc".encodeToByteArray()) // on its way to the reader
            reading.cancelAndJoin()
            peer.receives("def".encodeToByteArray())
            assertEquals("abc", stream.readText(8))
            assertEquals("def", stream.readText(8))
        }
        pool.assertClean()
    }

    @Test
    fun aReadTimeoutCanBeTriedAgain() = runTest {
        val pool = pool()
        pool.withConnection {
            val stream = byteStream()
            assertEquals(Duration.INFINITE, stream.readTimeout)
            assertFailsWith<IllegalArgumentException> { stream.readTimeout = Duration.ZERO }
            stream.readTimeout = 1.seconds
            assertFailsWith<ReceiveTimeoutException> { stream.read() }
            peer.receives(byteArrayOf(7))
            assertContentEquals(byteArrayOf(7), stream.read())
        }
        pool.assertClean()
        pool.withConnection {
            val stream = byteStream()
            stream.readTimeout = 1.seconds
            assertFailsWith<ReceiveTimeoutException> { stream.read() }
        }
        pool.assertDirty()
    }

    @Test
    fun aWriteThatIsCancelledBreaksTheOutput() = runTest {
        val pool = pool()
        pool.withConnection {
            val stream = byteStream(messageSize = 2)
            peer.sending = FakeBehavior.Slow(9.seconds)
            val write = launch { stream.write(byteArrayOf(1, 2, 3)) }
            runCurrent()
            write.cancelAndJoin()
            peer.sending = FakeBehavior.Works
            val e = assertFailsWith<IOException> { stream.flush() }
            assertEquals("The output of $this is broken: a write has failed or was cancelled", e.message)
            stream.close()
        }
        pool.assertDirty()
    }

    @Test
    fun oneReaderWaitsForAnother() = runTest {
        pool().withConnection {
            val stream = byteStream()
            val reads = List(2) { async { stream.readText(2) } }
            runCurrent()
            peer.receives("abcd".encodeToByteArray())
            assertEquals(listOf("ab", "cd"), reads.map { it.await() })
        }
    }

    @Test
    fun nothingWorksAfterTheEndOfTheStreamOrOfTheLease() = runTest {
        val pool = pool()
        lateinit var kept: ByteStream
        pool.withConnection {
            val closed = byteStream()
            closed.close()
            closed.close()
            assertEquals("The byte stream on $this is closed", assertFailsWith<IOException> { closed.read() }.message)
            assertFailsWith<IOException> { closed.write(byteArrayOf(1)) }
            peer.receives(byteArrayOf(1, 2))
            kept = byteStream()
            kept.read(ByteArray(1))
            kept.read(ByteArray(1))
        }
        pool.assertClean()
        assertFailsWith<LeaseReleasedException> { kept.read() }
        assertFailsWith<LeaseReleasedException> { kept.write(byteArrayOf(1)) }
        kept.abandon() // is nobody's debt any more
        pool.withConnection { }
        pool.assertClean()
    }

    @Test
    fun aStreamTellsOfItsConnection() = runTest {
        connector.handshake = Handshake(tlsSession = TlsSession("TLSv1.3", "TLS_AES_128_GCM_SHA256", emptyList()))
        pool().withConnection {
            val stream = byteStream()
            assertSame(handshake.tlsSession, stream.tlsSession)
            assertNull(stream.localAddress)
            assertNull(stream.remoteAddress)
            assertEquals("Byte stream on $this", "$stream")
            assertFailsWith<IllegalArgumentException> { byteStream(messageSize = 0) }
            val another: Lease = object : Lease by this {}
            assertFailsWith<UnsupportedOperationException> { another.byteStream() }
        }
    }
}
