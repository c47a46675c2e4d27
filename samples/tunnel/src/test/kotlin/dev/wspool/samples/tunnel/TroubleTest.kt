package dev.wspool.samples.tunnel

import dev.wspool.samples.tunnel.Ends.Companion.assertNothingStranded
import dev.wspool.samples.tunnel.Ends.Companion.tunnel
import io.ktor.utils.io.readBuffer
import io.ktor.utils.io.readLine
import io.ktor.utils.io.writeString
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.io.IOException
import kotlinx.io.readString
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds

/** What becomes of TCP connections when something fails. */
@Timeout(100)
class TroubleTest {
    private suspend fun TcpSocket.ask(line: String): String? {
        output.writeString("$line\n")
        output.flush()
        return input.readLine() ?: input.closedCause?.let { throw it } // as TcpSocket.read, and for the same reason
    }

    @Test
    fun aServiceThatRefusesClosesTheTcpConnectionAndNothingElse() = tunnel(maxConnections = 1) { ends ->
        assertEquals("hello", ends.connect().run { ask("hello").also { close() } })
        ends.stopService()
        repeat(2) {
            val socket = ends.connect()
            assertEquals("", socket.input.readBuffer().readString())
            socket.close()
        }
        ends.drain()
        assertEquals(listOf(2L, 2L), listOf(ends.server.tally.refusedOnes, ends.client.tally.refusedOnes))
        assertEquals(1, ends.server.pool.stats.created, "the connection waits for the next")
    }

    @Test
    fun aTunnelThatBreaksResetsBothTcpConnections() {
        val breaks = mapOf<String, suspend Ends.(TcpSocket) -> Unit>(
            "the client end" to { client.stop() },
            "the server" to { server.stop() },
            "who uses it" to { it.reset() },
        )
        for ((who, end) in breaks) {
            val atService = CompletableDeferred<Throwable?>()
            tunnel(
                service = { socket ->
                    atService.complete(runCatching { socket.echo() }.exceptionOrNull())
                    socket.reset()
                },
            ) { ends ->
                val socket = ends.connect()
                assertEquals("half", socket.ask("half"), who)
                ends.end(socket)
                if (who != "who uses it") assertReset(assertFailsWith<IOException>(who) { socket.input.readBuffer() })
                assertReset(atService.await())
            }
        }
    }

    private fun assertReset(failure: Throwable?) = assertTrue("reset" in failure?.message.orEmpty(), "$failure")

    @Test
    fun aServiceThatBreaksOffResetsTheTcpConnection() = tunnel(
        service = { socket ->
            socket.input.readLine()
            socket.reset()
        },
    ) { ends ->
        val socket = ends.connect()
        assertReset(runCatching { socket.ask("half") }.exceptionOrNull())
    }

    @Test
    fun aDrainBreaksOffWhatDoesNotEndInTime() = tunnel { ends ->
        val socket = ends.connect()
        assertEquals("half", socket.ask("half"))
        ends.server.drain(100.milliseconds)
        assertReset(assertFailsWith<IOException> { socket.input.readBuffer() })
        assertEquals(listOf(0L, 1L), ends.server.tally.run { listOf(carried, brokenOnes) })
        ends.server.pool.stats.assertNothingStranded()
    }

    @Test
    fun withoutAClientEndATcpConnectionIsClosedAfterItsTime() = tunnel(timeout = 300.milliseconds) { ends ->
        ends.client.stop()
        val socket = ends.connect()
        assertEquals("", socket.input.readBuffer().readString())
        socket.close()
        ends.server.drain(300.milliseconds)
        assertEquals(1, ends.server.tally.refusedOnes)
        assertTrue("No connection to tunnel within" in ends.messages.single(), "${ends.messages}")
    }

    @Test
    fun aClientEndThatIsRestartedServesWhoHasWaited() = tunnel { ends ->
        assertEquals("before", ends.connect().run { ask("before").also { close() } })
        ends.client.stop()
        ends.client.pool.stats.assertNothingStranded()
        val socket = ends.connect()
        val reply = async { socket.ask("after") }
        ends.startClient()
        assertEquals("after", reply.await())
        socket.close()
        ends.drain()
    }

    @Test
    fun aServerThatIsRestartedIsFoundAgain() = tunnel(connections = 5) { ends ->
        assertEquals("before", ends.connect().run { ask("before").also { close() } })
        ends.server.stop()
        ends.server.pool.stats.assertNothingStranded()
        ends.startServer()
        val socket = ends.connect()
        assertEquals("after", socket.ask("after"))
        socket.close()
        ends.drain()
    }

    @Test
    fun aClientEndThatDoesNotKnowTheTokenIsNotLetIn() = tunnel(timeout = 300.milliseconds) { ends ->
        ends.client.stop()
        ends.server.stop()
        ends.startServer(token = "secret")
        for (token in listOf(null, "wrong", "secret")) {
            ends.startClient(token)
            if (token == "secret") ends.client.pool.awaitReady()
            val socket = ends.connect()
            socket.output.writeString("hello\n")
            socket.output.flushAndClose()
            val reply = runCatching { socket.input.readLine() }.getOrNull()
            assertEquals(if (token == "secret") "hello" else null, reply, "$token")
            socket.reset()
            ends.client.stop()
        }
        assertTrue(ends.messages.any { "401" in it }, "${ends.messages}")
        assertTrue(ends.messages.none { "secret" in it }, "${ends.messages}")
    }
}
