package dev.wspool.ktor

import dev.wspool.ConnectionLostException
import dev.wspool.StreamEnd
import dev.wspool.UnexpectedMessageException
import dev.wspool.test.PeerFrame
import dev.wspool.test.PeerWire
import dev.wspool.test.PeerWire.Companion.FIN
import dev.wspool.test.Scripts
import dev.wspool.withConnection
import io.ktor.utils.io.ByteReadChannel
import io.ktor.utils.io.ByteWriteChannel
import io.ktor.utils.io.cancel
import io.ktor.utils.io.copyTo
import io.ktor.utils.io.exhausted
import io.ktor.utils.io.readBuffer
import io.ktor.utils.io.readByteArray
import io.ktor.utils.io.readLine
import io.ktor.utils.io.writeByteArray
import io.ktor.utils.io.writeString
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.io.IOException
import kotlinx.io.readByteArray
import org.junit.jupiter.api.Test
import java.security.MessageDigest
import kotlin.random.Random
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** A lease's binary messages as Ktor's byte channels, on real sockets. */
class ByteChannelsTest {
    private fun PeerWire.bytes(text: String) = frame(FIN or PeerFrame.BINARY, text.toByteArray())

    /** Upgrades, and says nothing before it is asked: an idle connection on which the server speaks is closed. */
    private fun PeerWire.awaitQuestion() {
        upgrade()
        receive(PeerFrame.BINARY)
    }

    private suspend fun ByteWriteChannel.ask() {
        writeString("?")
        flush()
    }

    @Test
    fun megabytesGoThereAndBackAndTheConnectionIsLentOn() = scripted(Scripts.echo) { pool ->
        val sent = Random(1).nextBytes(3 shl 20)
        repeat(2) {
            pool.withConnection {
                val received = byteChannels { input, output ->
                    coroutineScope {
                        launch {
                            output.writeByteArray(sent)
                            output.flush()
                        }
                        input.readByteArray(sent.size)
                    }
                }
                assertContentEquals(sent, received)
            }
        }
        assertEquals(1, pool.stats.created, "${pool.stats}")
    }

    @Test
    fun linesGoAcrossTheBordersOfMessages() = scripted(
        {
            awaitQuestion()
            bytes("one\ntw")
            bytes("o\nth")
            text("not bytes")
            awaitEnd()
        },
    ) { pool ->
        pool.withConnection {
            byteChannels { input, output ->
                output.ask()
                assertEquals("one", input.readLine())
                assertEquals("two", input.readLine())
                assertFailsWith<UnexpectedMessageException> { input.readLine() }
                assertFailsWith<UnexpectedMessageException> { input.readBuffer() }
                assertTrue(input.isClosedForRead)
            }
        }
        assertEquals(0, pool.stats.idle)
    }

    @Test
    fun anAgreedEndClosesOneDirectionAndStreamsFollowOneAnother() = scripted(
        {
            upgrade()
            repeat(3) {
                val digest = MessageDigest.getInstance("SHA-256")
                frames().map { it.payload }.takeWhile { it.isNotEmpty() }.forEach(digest::update)
                frame(FIN or PeerFrame.BINARY, digest.digest())
                frame(FIN or PeerFrame.BINARY)
            }
            awaitEnd()
        },
    ) { pool ->
        for (size in listOf(0, 1, 100_000)) {
            val data = Random(size).nextBytes(size)
            pool.withConnection {
                byteChannels(StreamEnd.EmptyMessage) { input, output ->
                    output.writeByteArray(data)
                    output.flushAndClose()
                    output.flushAndClose()
                    assertTrue(output.isClosedForWrite)
                    assertFailsWith<IOException> { output.writeByteArray(data + 1) }
                    assertContentEquals(MessageDigest.getInstance("SHA-256").digest(data), input.readBuffer().readByteArray())
                    assertTrue(input.isClosedForRead)
                }
            }
        }
        assertEquals(1, pool.stats.created, "${pool.stats}")
    }

    @Test
    fun closingTheOutputIsACloseFrameAndTheInputEndsWithThePeers() = scripted(
        {
            awaitQuestion()
            bytes("greeting")
            assertEquals("question", receive(PeerFrame.BINARY).payload.decodeToString())
            reply(receive(PeerFrame.CLOSE))
        },
    ) { pool ->
        pool.withConnection {
            byteChannels { input, output ->
                output.ask()
                assertFalse(input.exhausted())
                output.writeString("question")
                output.flushAndClose()
                assertEquals("greeting", input.readBuffer().readByteArray().decodeToString())
                assertNull(input.closedCause)
            }
        }
        assertEquals(0, pool.stats.idle)
    }

    @Test
    fun aConnectionThatBreaksIsNoEnd() = scripted(
        {
            awaitQuestion()
            bytes("half of it")
            reset()
        },
    ) { pool ->
        pool.withConnection {
            assertFailsWith<ConnectionLostException> {
                byteChannels { input, output ->
                    output.ask()
                    input.readBuffer()
                }
            }
        }
    }

    @Test
    fun whatIsLeftInTheInputIsDirtyAndWhatIsReadIsNot() = scripted(
        {
            awaitQuestion()
            bytes("abcd")
            awaitEnd()
        },
    ) { pool ->
        for ((idle, read) in listOf<Pair<Int, suspend (ByteReadChannel) -> Unit>>(
            1 to { it.readByteArray(4) },
            0 to { it.readByteArray(3) },
            0 to { it.cancel() },
        )) {
            pool.withConnection {
                byteChannels { input, output ->
                    output.ask()
                    read(input)
                }
            }
            assertEquals(idle, pool.stats.idle)
            pool.reset()
        }
    }

    @Test
    fun aReadThatIsCancelledLosesNoByte() = scripted(
        {
            awaitQuestion()
            bytes("a")
            receive(PeerFrame.BINARY)
            bytes("bc")
            awaitEnd()
        },
    ) { pool ->
        pool.withConnection {
            byteChannels { input, output ->
                output.ask()
                assertFalse(input.exhausted())
                coroutineScope {
                    val read = launch(start = CoroutineStart.UNDISPATCHED) { input.awaitContent(3) }
                    read.cancelAndJoin()
                }
                assertNull(input.closedCause)
                output.writeByteArray(byteArrayOf(1))
                output.flush()
                assertEquals("abc", input.readByteArray(3).decodeToString())
            }
        }
        assertEquals(1, pool.stats.idle)
    }

    @Test
    fun aBlockThatThrowsAndAChannelThatIsCancelledAreDirty() = scripted(Scripts.echo) { pool ->
        pool.withConnection {
            runCatching { byteChannels { _, _ -> error("mine") } }
        }
        assertEquals(0, pool.stats.idle)
        pool.withConnection {
            byteChannels { _, output ->
                output.cancel(IllegalStateException("mine"))
                output.cancel(null)
                assertEquals("mine", assertFailsWith<IllegalStateException> { output.flush() }.message)
            }
        }
        assertEquals(0, pool.stats.idle)
    }

    @Test
    fun theEndOfTheBlockSendsWhatWasWrittenInMessagesOfTheGivenSize() = scripted(
        {
            upgrade()
            val sizes = List(3) { receive(PeerFrame.BINARY).payload.size }
            bytes(sizes.joinToString())
            awaitEnd()
        },
    ) { pool ->
        pool.withConnection {
            byteChannels(messageSize = 1_000) { _, output -> output.writeByteArray(ByteArray(2_500)) }
            assertEquals("1000, 1000, 500", receiveBinary().decodeToString())
        }
        assertEquals(1, pool.stats.idle)
    }

    /** What npws is for: a TCP connection goes through a pooled WebSocket. */
    @Test
    fun oneChannelIsCopiedToTheOtherUntilItsEnd() = scripted(
        {
            upgrade()
            val pieces = frames().takeWhile { it.payload.isNotEmpty() }.toList()
            pieces.forEach { frame(FIN or PeerFrame.BINARY, it.payload) }
            frame(FIN or PeerFrame.BINARY)
            awaitEnd()
        },
    ) { pool ->
        val data = Random(7).nextBytes(200_000)
        pool.withConnection {
            val echoed = byteChannels(StreamEnd.EmptyMessage) { input, output ->
                coroutineScope {
                    val received = async { input.readBuffer().readByteArray() }
                    ByteReadChannel(data).copyTo(output)
                    output.flushAndClose()
                    received.await()
                }
            }
            assertContentEquals(data, echoed)
        }
        assertEquals(1, pool.stats.idle)
    }
}
