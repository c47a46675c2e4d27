package dev.wspool.ktor

import dev.wspool.BorrowRequest
import dev.wspool.Diagnostics
import dev.wspool.WebSocketPool
import dev.wspool.test.PeerFrame
import dev.wspool.test.Script
import dev.wspool.test.Scripts
import io.ktor.websocket.DefaultWebSocketSession
import io.ktor.websocket.Frame
import io.ktor.websocket.readBytes
import io.ktor.websocket.readText
import io.ktor.websocket.send
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.consumeEach
import kotlinx.coroutines.launch
import kotlinx.coroutines.selects.onTimeout
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Test
import kotlin.test.assertContains
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A lease as Ktor's session, on real sockets. */
@OptIn(DelicateCoroutinesApi::class)
class SessionsTest {
    private fun WebSocketPool.assertClean() = assertEquals(1, stats.idle, "$stats")

    private fun WebSocketPool.assertDirty() = assertEquals(0, stats.idle, "$stats")

    /** As it stands in code that was written for a session of the client's. */
    private suspend fun DefaultWebSocketSession.ask(question: String): String {
        send(question)
        return (incoming.receive() as Frame.Text).readText()
    }

    @Test
    fun whereItIsAskedForIsTold() = scripted(Scripts.echo) { pool ->
        pool.reconfigure { diagnostics = Diagnostics(borrowSites = true) }
        pool.withSession { assertContains(pool.report().leases.single().site!!, "SessionsTest.kt:") }
    }

    @Test
    fun codeThatWasWrittenForKtorRunsOnALeaseThatIsLentOn() = scripted(Scripts.echo) { pool ->
        repeat(3) { number ->
            pool.withSession {
                assertEquals("hello $number", ask("hello $number"))
                send(byteArrayOf(1, 2))
                assertContentEquals(byteArrayOf(1, 2), incoming.receive().readBytes())
                outgoing.send(Frame.Text("queued"))
                assertTrue(outgoing.trySend(Frame.Text("tried")).isSuccess)
                send(Frame.Text("in order"))
                flush()
                assertEquals(listOf("queued", "tried", "in order"), List(3) { (incoming.receive() as Frame.Text).readText() })
                assertEquals(number > 0, lease.isReused)
            }
        }
        pool.withSession(request = BorrowRequest(1.seconds)) { ask("again") }
        assertEquals(1, pool.stats.created, "${pool.stats}")
        pool.assertClean()
    }

    @Test
    fun theEndOfTheBlockSendsWhatIsQueuedAndCancelsWhatWasLaunched() {
        val received = CompletableDeferred<List<String>>()
        scripted(
            {
                upgrade()
                received.complete(List(70) { receive(PeerFrame.TEXT).payload.decodeToString() })
                awaitEnd()
            },
        ) { pool ->
            lateinit var launched: Job
            pool.withSession {
                launched = launch { awaitCancellation() }
                repeat(70) { outgoing.send(Frame.Text("$it")) }
            }
            assertTrue(launched.isCancelled)
            assertEquals(List(70) { "$it" }, received.await())
            pool.assertClean()
        }
    }

    @Test
    fun incomingCanBeAskedWithoutWaiting() = scripted(threeMessages) { pool ->
        pool.withSession {
            assertTrue(incoming.isEmpty)
            assertTrue(incoming.tryReceive().isFailure)
            send("go")
            assertEquals("one", (incoming.receive() as Frame.Text).readText())
            lease.ping() // after the others: sent at once behind "go" it might have gone out before that
            assertFalse(incoming.isEmpty)
            assertFalse(incoming.isClosedForReceive)
            assertEquals("two", (incoming.tryReceive().getOrThrow() as Frame.Text).readText())
            assertEquals("three", (incoming.receiveCatching().getOrThrow() as Frame.Text).readText())
            assertTrue(incoming.tryReceive().isFailure)
        }
        pool.assertClean()
    }

    private val threeMessages: Script = {
        upgrade()
        receive(PeerFrame.TEXT)
        listOf("one", "two", "three").forEach(::text)
        reply(receive(PeerFrame.PING))
        awaitEnd()
    }

    // ---- what is not received --------------------------------------------------------------------------------------------

    private val twoMessages: Script = {
        upgrade()
        receive(PeerFrame.TEXT)
        text("one")
        text("two")
        reply(receive(PeerFrame.PING))
        awaitEnd()
    }

    @Test
    fun aFrameThatNobodyHasTakenIsDirty() = scripted(twoMessages) { pool ->
        pool.withSession {
            send("go")
            incoming.receive()
            lease.ping() // after both messages
        }
        pool.assertDirty()
    }

    @Test
    fun aSelectTakesFramesInOrderAndWhatItHasLookedAtAndNotTakenIsDirty() {
        for (left in 0..2) {
            scripted(twoMessages) { pool ->
                pool.withSession {
                    val early = select {
                        incoming.onReceive { "a frame" }
                        onTimeout(1.milliseconds) { "none" }
                    }
                    assertEquals("none", early)
                    send("go")
                    if (left < 2) assertEquals("one", select { incoming.onReceive { (it as Frame.Text).readText() } })
                    if (left == 0) assertTrue(select { incoming.onReceiveCatching { it.isSuccess } })
                    if (left == 2) while (incoming.isEmpty) Thread.onSpinWait() // or the ping might go out before "go"
                    lease.ping()
                    while (left == 2 && incoming.isEmpty) Thread.onSpinWait()
                }
                assertEquals(if (left == 0) 1 else 0, pool.stats.idle, "$left left")
            }
        }
    }

    /** Unconfined, the second select begins within the hand-over to the first. */
    @Test
    fun aSelectThatBeginsWhileTheLastIsServedIsServedToo() = scripted(twoMessages) { pool ->
        pool.withSession {
            withContext(Dispatchers.Unconfined) {
                val texts = async(start = CoroutineStart.UNDISPATCHED) {
                    List(2) { select { incoming.onReceive { it.data.decodeToString() } } }
                }
                send("go")
                assertEquals(listOf("one", "two"), texts.await())
            }
        }
        pool.assertClean()
    }

    @Test
    fun aSelectThatHasGivenUpIsAReceiveThatWasGivenUp() = scripted(Scripts.echo) { pool ->
        pool.withSession {
            select {
                incoming.onReceive { }
                onTimeout(1.milliseconds) { }
            }
        }
        pool.assertDirty()
    }

    @Test
    fun aFrameThatAQuestionHasTakenAheadIsDirty() = scripted(twoMessages) { pool ->
        pool.withSession {
            send("go")
            while (incoming.isEmpty) Thread.onSpinWait()
            lease.ping()
            assertFalse(incoming.isEmpty)
            lease.receiveText() // past the session: the second, as the first was taken
        }
        pool.assertDirty()
    }

    @Test
    fun aBlockThatThrowsAndAReceiverThatIsCancelledAreDirty() = scripted(Scripts.echo) { pool ->
        assertEquals("mine", assertFailsWith<IllegalStateException> { pool.withSession { error("mine") } }.message)
        pool.assertDirty()
        assertFailsWith<IllegalStateException> { pool.withSession { launch { error("a child's") }.join() } }
        pool.assertDirty()
        pool.withSession {
            val receiver = launch(start = CoroutineStart.UNDISPATCHED) { incoming.consumeEach { } }
            receiver.cancelAndJoin()
        }
        pool.assertDirty()
        pool.withSession {
            launch(start = CoroutineStart.UNDISPATCHED) { for (frame in incoming) assertEquals("?", "$frame") }
        }
        pool.assertDirty()
    }

    @Test
    fun anUnfinishedMessageIsDirtyAndAFinishedOneIsSentAsOne() = scripted(Scripts.echo) { pool ->
        pool.withSession {
            send(Frame.Text(false, "one ".toByteArray()))
            send(Frame.Text(false, "and ".toByteArray()))
            send(Frame.Text(true, "two".toByteArray()))
            assertEquals("one and two", (incoming.receive() as Frame.Text).readText())
        }
        pool.assertClean()
        pool.withSession { send(Frame.Binary(false, byteArrayOf(1))) }
        pool.assertDirty()
    }
}
