package dev.wspool.ktor

import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.LeaseReleasedException
import dev.wspool.WebSocketPool
import dev.wspool.test.PeerFrame
import dev.wspool.test.Script
import dev.wspool.test.Scripts
import io.ktor.serialization.WebsocketContentConverter
import io.ktor.serialization.WebsocketConverterNotFoundException
import io.ktor.util.reflect.TypeInfo
import io.ktor.websocket.CloseReason
import io.ktor.websocket.DefaultWebSocketSession
import io.ktor.websocket.Frame
import io.ktor.websocket.WebSocketSession
import io.ktor.websocket.close
import io.ktor.websocket.readText
import io.ktor.websocket.send
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.channels.ClosedReceiveChannelException
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.selects.select
import org.junit.jupiter.api.Test
import java.nio.charset.Charset
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** The end of a connection, and of a session, and what belongs to the pool, on real sockets. */
@OptIn(DelicateCoroutinesApi::class)
class SessionEndTest {
    private fun WebSocketPool.assertClean() = assertEquals(1, stats.idle, "$stats")

    private fun WebSocketPool.assertDirty() = assertEquals(0, stats.idle, "$stats")

    /** As it stands in code that was written for a session of the client's. */
    private suspend fun DefaultWebSocketSession.ask(question: String): String {
        send(question)
        return (incoming.receive() as Frame.Text).readText()
    }

    // ---- the end of the connection ---------------------------------------------------------------------------------------

    @Test
    fun incomingEndsWithTheConnectionAndTheReasonSaysHow() {
        val ends = mapOf<Int, Script>(
            1000 to { send(PeerFrame.close(1000, "bye")) },
            4000 to { send(PeerFrame.close(4000, "bye")) },
            1006 to { reset() },
        )
        for ((code, end) in ends) {
            scripted(
                {
                    upgrade()
                    receive(PeerFrame.TEXT)
                    text("last words")
                    end()
                    awaitEnd()
                },
            ) { pool ->
                pool.withSession {
                    val reason = closeReason
                    send("go")
                    val texts = mutableListOf<String>()
                    for (frame in incoming) texts += (frame as Frame.Text).readText()
                    if (code != 1006) assertEquals(listOf("last words"), texts) // a reset may overtake what came before it
                    assertEquals(code, reason.await()?.code?.toInt())
                    assertTrue(incoming.isClosedForReceive)
                    assertFailsWith<ClosedReceiveChannelException> { incoming.receive() }
                    assertTrue(incoming.receiveCatching().isClosed)
                    assertFailsWith<ConnectionLostException> { send("too late") }
                }
                assertEquals(0, pool.stats.total)
            }
        }
    }

    @Test
    fun theReasonOfAnEndThatNobodyReadsIsToldToo() = scripted(
        {
            upgrade()
            receive(PeerFrame.TEXT)
            send(PeerFrame.close(4001, "enough"))
            awaitEnd()
        },
    ) { pool ->
        pool.withSession {
            val reason = closeReason
            assertFalse(reason.isCompleted)
            send("go")
            assertEquals(CloseReason(4001, "enough"), reason.await())
        }
    }

    @Test
    fun aCloseOfTheUsersClosesTheConnectionWithHisReason() {
        val closes = mapOf<CloseInfo, suspend LeaseSession.() -> Unit>(
            CloseInfo(4002, "done") to { close(CloseReason(4002, "done")) },
            CloseInfo(1000) to { send(Frame.Close()) },
            CloseInfo(1000, "") to { outgoing.close() },
        )
        for ((info, closing) in closes) {
            scripted(
                {
                    upgrade()
                    val frame = receive(PeerFrame.CLOSE)
                    val code = (frame.payload[0].toInt() and 0xFF shl 8) or (frame.payload[1].toInt() and 0xFF)
                    assertEquals(info, CloseInfo(code, frame.payload.decodeToString(2)))
                    reply(frame)
                },
            ) { pool ->
                pool.withSession {
                    closing()
                    assertEquals(info.code, closeReason.await()?.code?.toInt())
                    assertTrue(incoming.receiveCatching().isClosed)
                }
                pool.assertDirty()
            }
        }
    }

    @Test
    fun aPingIsSentWhenItsPongHasComeAndAPongIsRefused() = scripted(Scripts.echo) { pool ->
        pool.withSession {
            send(Frame.Ping("mine".toByteArray()))
            assertFailsWith<UnsupportedOperationException> { send(Frame.Pong(ByteArray(0))) }
            assertFailsWith<IllegalArgumentException> { send(Frame.Text(true, ByteArray(0), true, false, false)) }
        }
        pool.assertClean()
    }

    @Test
    fun aFrameOfTheQueueThatFailsClosesItAndFailsTheBlock() = scripted(Scripts.echo) { pool ->
        assertFailsWith<UnsupportedOperationException> {
            pool.withSession {
                outgoing.send(Frame.Pong(ByteArray(0)))
                assertFailsWith<UnsupportedOperationException> { flush() }
                assertTrue(outgoing.isClosedForSend)
                assertFailsWith<UnsupportedOperationException> { outgoing.send(Frame.Text("late")) }
            }
        }
        pool.assertDirty()
    }

    // ---- the fence -------------------------------------------------------------------------------------------------------

    @Test
    fun whateverIsKeptOfTheSessionIsOfNoUseAfterTheBlock() = scripted(Scripts.echo) { pool ->
        lateinit var session: LeaseSession
        lateinit var incoming: ReceiveChannel<Frame>
        lateinit var outgoing: SendChannel<Frame>
        pool.withSession {
            session = this
            incoming = this.incoming
            outgoing = this.outgoing
            ask("hello")
        }
        pool.assertClean()
        val late = Frame.Text("late")
        assertFailsWith<LeaseReleasedException> { session.send("late") }
        assertFailsWith<LeaseReleasedException> { session.flush() }
        assertFailsWith<LeaseReleasedException> { session.closeReason.await() }
        assertFailsWith<LeaseReleasedException> { outgoing.send(late) }
        assertIs<LeaseReleasedException>(outgoing.trySend(late).exceptionOrNull())
        assertFailsWith<LeaseReleasedException> { select { outgoing.onSend(late) { } } }
        assertTrue(outgoing.isClosedForSend)
        assertFailsWith<LeaseReleasedException> { incoming.receive() }
        assertIs<LeaseReleasedException>(incoming.receiveCatching().exceptionOrNull())
        assertIs<LeaseReleasedException>(incoming.tryReceive().exceptionOrNull())
        assertFailsWith<LeaseReleasedException> { select { incoming.onReceive { } } }
        assertFailsWith<LeaseReleasedException> { for (frame in incoming) assertEquals("?", "$frame") }
        assertTrue(incoming.isClosedForReceive)
        session.close() // fails in silence, as Ktor's does
        pool.withSession { assertEquals("another's", ask("another's")) }
        pool.assertClean()
    }

    // ---- the rest of the type --------------------------------------------------------------------------------------------

    @Test
    fun whatIsThePoolsIsToldAndCannotBeSet() = scripted(Scripts.echo, { pingInterval = 7.seconds }) { pool ->
        pool.withSession {
            assertEquals(7_000, pingIntervalMillis)
            assertEquals(5_000, timeoutMillis)
            assertEquals(1L shl 20, maxFrameSize)
            assertTrue(masking)
            assertEquals(emptyList(), extensions)
            val e = assertFailsWith<UnsupportedOperationException> { pingIntervalMillis = 1 }
            assertEquals(
                "pingIntervalMillis cannot be set: the connection outlives the session; set pingInterval of the pool",
                e.message,
            )
            assertFailsWith<UnsupportedOperationException> { timeoutMillis = 1 }
            assertFailsWith<UnsupportedOperationException> { maxFrameSize = 1 }
            assertFailsWith<UnsupportedOperationException> { masking = false }
            assertIs<WebSocketSession>(this)
        }
    }

    private class Price(val cents: Int)

    private object Prices : WebsocketContentConverter {
        override suspend fun serialize(charset: Charset, typeInfo: TypeInfo, value: Any?): Frame = Frame.Text("${(value as Price).cents}")

        override suspend fun deserialize(charset: Charset, typeInfo: TypeInfo, content: Frame): Any =
            Price((content as Frame.Text).readText().toInt())

        override fun isApplicable(frame: Frame): Boolean = frame is Frame.Text
    }

    @Test
    fun aConverterSendsAndReceivesWhatIsSerialized() = scripted(Scripts.echo) { pool ->
        pool.withSession(Prices) {
            sendSerialized(Price(42))
            assertEquals(42, receiveDeserialized<Price>().cents)
        }
        pool.withSession {
            val e = assertFailsWith<WebsocketConverterNotFoundException> { sendSerialized(Price(42)) }
            assertEquals("No converter was given: withSession(converter = KotlinxWebsocketSerializationConverter(Json))", e.message)
            assertFailsWith<WebsocketConverterNotFoundException> { receiveDeserialized<Price>() }
        }
        pool.assertClean()
    }
}
