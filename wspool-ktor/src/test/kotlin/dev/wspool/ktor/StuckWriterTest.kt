package dev.wspool.ktor

import dev.wspool.CloseInfo
import dev.wspool.ConnectionLostException
import dev.wspool.DestroyReason
import dev.wspool.Lease
import dev.wspool.Message
import dev.wspool.SendTimeoutException
import dev.wspool.WebSocketPool
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import dev.wspool.withConnection
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Writers whose peer does not read, with the kernel's buffers full: Ktor's CIO never frees their sockets, we do at once. */
class StuckWriterTest {
    @Test
    fun aHundredStuckWritersThatAreAbortedLeaveNoDescriptor() = ScriptedServer(Scripts.halfOpen()).use { server ->
        rule {
            val links = List(100) { async { open(server.url) } }.awaitAll()
            val failures = links.map { link -> async { assertFailsWith<ConnectionLostException> { link.connection.send(ENDLESS) } } }
            delay(1.seconds) // not for a result: so that the kernel's buffers fill
            links.forEach { it.connection.abort() }
            failures.awaitAll()
            links.forEach { assertEquals(CloseInfo(CloseInfo.ABNORMAL), it.listener.awaitClosed()) }
            awaitDescriptors(0, server.port)
        }
    }

    @Test
    fun poolGoesOnWithoutTheStuckOneAndKnowsThatItsSocketIsClosed() {
        ScriptedServer { if (number == 1) Scripts.halfOpen()(this) else Scripts.echo(this) }.use { server ->
            runBlocking {
                val pool = WebSocketPool(server.url) {
                    maxConnections = 2
                    sendTimeout = 300.milliseconds
                    closeTimeout = 100.milliseconds
                }
                val stuck = pool.borrow()
                val fine = pool.borrow()
                assertFailsWith<SendTimeoutException> { stuck.send(ENDLESS) }
                stuck.release()
                val left = withTimeoutOrNull(30.seconds) { while (pool.stats.destroyed.isEmpty()) delay(10.milliseconds) }
                assertNotNull(left, "${pool.stats}")
                assertFalse(DestroyReason.Abandoned in pool.stats.destroyed, "${pool.stats}")
                awaitDescriptors(1, server.port)
                fine.echoes()
                pool.withConnection { echoes() }
                pool.close()
                pool.awaitClosed()
                awaitDescriptors(0, server.port)
            }
        }
    }

    private suspend fun Lease.echoes() {
        send("hello")
        assertEquals("hello", receiveText())
    }

    private companion object {
        /** More than the kernel's buffers. */
        val ENDLESS = Message.Binary(ByteArray(64 shl 20))
    }
}
