package dev.wspool.testkit

import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.Endpoint
import dev.wspool.Message
import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import dev.wspool.test.RecordingListener
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import java.io.IOException
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

@OptIn(ExperimentalCoroutinesApi::class) // virtual time
class FakeConnectionTest {
    private val connector = FakeConnector(autoConnect = true)
    private val listener = RecordingListener()
    private val connection: FakeConnection = runBlocking { connector.connect(Endpoint("ws://fake"), listener) as FakeConnection }

    @AfterTest
    fun theListenerWasTreatedAsTheSpiSays() = assertEquals(emptyList(), listener.misuse)

    @Test
    fun theTestIsThePeer() = runTest {
        assertTrue(connection.receives("hello"))
        assertEquals(Message.Text("hello"), listener.awaitMessage())
        connection.send(Message.Text("world"))
        assertEquals(Message.Text("world"), connection.awaitSent())
        connection.ping(byteArrayOf(1))
        assertContentEquals(byteArrayOf(1), listener.awaitPong())
        connection.dies()
        assertFalse(connection.receives("nobody hears this"))
        assertFalse(connection.dies(1001))
        assertEquals(CloseInfo(1006), listener.awaitClosed())
        assertFailsWith<ConnectionLostException> { connection.send(Message.Text("late")) }
        assertEquals(
            "The connection has ended: close code 1006; close was never called",
            assertFailsWith<IllegalStateException> { connection.awaitClose() }.message,
        )
    }

    @Test
    fun whatArrivesWhileReadingIsStoppedIsHeldBack() = runTest {
        for (overruns in listOf(false, true)) {
            connection.overruns = overruns
            listener.stop()
            assertFalse(connection.receives("1"))
            assertFalse(connection.receives("2"))
            assertFalse(connection.pongs(byteArrayOf()))
            assertTrue(connection.readingStopped)
            assertEquals(if (overruns) 1 else 2, connection.heldBack)
            listener.resume(connection)
            assertEquals(0, connection.heldBack)
        }
        assertEquals(listOf("1", "2", "1", "2"), listener.messages.map { (it as Message.Text).text })
        listener.stop()
        listOf("3", "4").forEach { connection.receives(it) }
        connection.closes(1001)
        assertTrue(connection.isOpen)
        listener.resume(connection)
        assertEquals(1001, listener.awaitClosed().code)
        assertEquals(6, listener.messageCount)
    }

    @Test
    fun aResumeInsideTheCallThatSaysStopIsNotLost() {
        listener.onReceive = { connection.resumeReading() }
        listener.stop()
        connection.receives("1")
        assertFalse(connection.readingStopped)
    }

    @Test
    fun anEchoFromInsideTheListenerComesAfterTheCall() = runTest {
        connection.echoes()
        listener.onReceive = { if (listener.messageCount < 3) assertTrue(runBlocking { connection.send(it) } == Unit) }
        connection.receives("again")
        assertEquals(3, listener.messageCount)
    }

    @Test
    fun closeIsAnsweredUnlessThePeerIsDeaf() = runTest {
        connection.answersClose = false
        connection.close(1000, "done")
        assertEquals(CloseInfo(1000, "done"), connection.awaitClose())
        assertEquals(CloseInfo(1000, "done"), connection.closedWith)
        assertFalse(listener.isClosed)
        assertFailsWith<ConnectionLostException> { connection.send(Message.Text("after Close")) }
        connection.abort()
        assertEquals(1006, listener.awaitClosed().code)
    }

    @Test
    fun anAbortThatIsNotConfirmedTellsNothingUntilTheConnectionDies() = runTest {
        connection.confirmsAbort = false
        connection.sending = FakeBehavior.Never
        val sending = async { runCatching { connection.send(Message.Text("stuck")) } }
        runCurrent()
        connection.abort()
        assertIs<ConnectionLostException>(sending.await().exceptionOrNull())
        assertFalse(connection.receives("unheard"))
        assertEquals(listOf(false, false, true), listOf(connection.isOpen, listener.isClosed, connection.isAborted))
        assertEquals(1, connector.openConnections)
        assertTrue(connection.dies())
        assertEquals(0, connector.openConnections)
    }

    @Test
    fun sendsAndClosesBehaveAsTold() = runTest {
        connection.sending = FakeBehavior.Slow(2.seconds)
        connection.send(Message.Text("slow"))
        assertEquals(2_000, currentTime)
        launch { connection.send(Message.Text("cancelled")) }.also { runCurrent() }.cancelAndJoin()
        assertEquals(listOf<Message>(Message.Text("slow")), connection.sent)
        connection.closing = FakeBehavior.Fails()
        assertFailsWith<IOException> { connection.close(1000, "") }
        assertNull(connection.closedWith)
        connection.closing = FakeBehavior.Never
        val closing = launch { connection.close(1000, "") }.also { runCurrent() }
        assertFalse(closing.isCompleted)
        connection.sending = FakeBehavior.Fails { ConnectionLostException("reset", CloseInfo(1006)) }
        assertFailsWith<ConnectionLostException> { connection.send(Message.Text("lost")) }
        assertEquals(1006, listener.awaitClosed().code)
        closing.join()
    }

    @Test
    fun manyThreadsMayPlayAtOnce() = runBlocking(Dispatchers.Default) {
        connection.echoes()
        List(8) { thread ->
            launch { repeat(2_000) { if (thread % 2 == 0) connection.send(Message.Text("$it")) else connection.receives("$it") } }
        }.joinAll()
        launch { connection.abort() }.join()
        listener.awaitClosed()
        assertEquals(8_000, connection.sent.size)
        assertEquals(16_000, listener.messageCount)
    }
}
