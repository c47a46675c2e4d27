package dev.wspool.testkit

import dev.wspool.ConnectRefusedException
import dev.wspool.Endpoint
import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnector
import dev.wspool.test.RecordingListener
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertSame
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

@OptIn(ExperimentalCoroutinesApi::class) // virtual time
class FakeConnectorTest {
    private val endpoint = Endpoint("ws://fake")
    private val connector = FakeConnector()

    @Test
    fun dialsWaitForTheirAnswerInOrder() = runTest {
        val first = async { connector.connect(endpoint, RecordingListener(backgroundScope)) }
        val second = async { runCatching { connector.connect(endpoint, RecordingListener(backgroundScope)) } }
        val connection = connector.awaitConnect().succeed()
        connector.awaitConnect().refuse()
        assertSame(connection, first.await())
        assertIs<ConnectRefusedException>(second.await().exceptionOrNull())
        assertEquals(listOf(2, 1, 1, 0), connector.run { listOf(dialCount, openConnections, mostOpenConnections, pendingDials) })
        assertEquals(2, connector.mostAtOnce)
        connection.dies()
        connector.awaitOpenConnections(0)
    }

    @Test
    fun aCancelledDialIsOver() = runTest {
        val connecting = launch { connector.connect(endpoint, RecordingListener(backgroundScope)) }
        val dial = connector.awaitConnect()
        connecting.cancelAndJoin()
        assertTrue(dial.isCancelled)
        assertEquals("The dial was cancelled", assertFailsWith<IllegalStateException> { dial.succeed() }.message)
        assertEquals(0, connector.pendingDials)
    }

    @Test
    fun aDialThatIgnoresCancellationAnswersLate() = runTest {
        val connecting = async { connector.connect(endpoint, RecordingListener(backgroundScope)).also { it.abort() } }
        val dial = connector.awaitConnect().apply { ignoresCancellation = true }
        connecting.cancel()
        dial.awaitCancelled()
        assertFalse(connecting.isCompleted)
        val connection = dial.succeed()
        connection.awaitAbort()
        assertEquals(0, connector.openConnections)
    }

    @Test
    fun anEngineMayThrowACancellationThatCancelsNobody() = runTest {
        val connecting = async { runCatching { connector.connect(endpoint, RecordingListener(backgroundScope)) } }
        val foreign = CancellationException("not yours")
        val dial = connector.awaitConnect()
        dial.refuse(foreign)
        assertSame(foreign, connecting.await().exceptionOrNull())
        assertFalse(dial.isCancelled)
    }

    @Test
    fun automaticDialsBehaveAsTold() = runTest {
        connector.autoConnect = true
        connector.connecting = FakeBehavior.Slow(3.seconds)
        connector.connect(endpoint, RecordingListener(backgroundScope)).abort()
        assertEquals(3_000, currentTime)
        connector.connecting = FakeBehavior.Fails()
        assertFailsWith<ConnectRefusedException> { connector.connect(endpoint, RecordingListener(backgroundScope)) }
        connector.connecting = FakeBehavior.Never
        assertNull(withTimeoutOrNull(1.seconds) { connector.connect(endpoint, RecordingListener(backgroundScope)) })
        assertEquals(listOf(0, 0, 1), connector.run { listOf(pendingDials, openConnections, connections.size) })
    }

    @Test
    fun dialsThatAreCancelledWhileTheySucceedLeaveNothingOpen() = runBlocking(Dispatchers.Default) {
        val listeners = List(2_000) { RecordingListener() }
        listeners.map { listener ->
            launch {
                val connecting = launch { connector.connect(endpoint, listener).abort() }
                val answering = launch { connector.awaitConnect().trySucceed() }
                connecting.cancelAndJoin()
                answering.cancelAndJoin()
            }
        }.joinAll()
        assertEquals(listOf(0, 0), connector.run { listOf(pendingDials, openConnections) })
        assertEquals(emptyList(), listeners.flatMap { it.misuse })
    }
}
