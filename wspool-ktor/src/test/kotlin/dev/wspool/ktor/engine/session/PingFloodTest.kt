package dev.wspool.ktor.engine.session

import dev.wspool.test.PeerFrame.Companion.PING
import dev.wspool.test.PeerWire.Companion.FIN
import io.ktor.client.plugins.websocket.webSocket
import org.junit.jupiter.api.Test
import java.lang.management.BufferPoolMXBean
import java.lang.management.ManagementFactory
import java.util.concurrent.CountDownLatch
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** A peer that pings and reads nothing: what is unwritten must not grow with what it sends. */
class PingFloodTest {
    @Test
    fun peerThatPingsAndDoesNotReadTakesNoMemory() {
        val measured = CountDownLatch(1)
        clientOf({
            upgrade()
            repeat(PINGS) { frame(FIN or PING, ByteArray(125)) }
            text("done")
            measured.await()
            reset() // Ktor's close() waits until what is written has gone out
        }) { client, server ->
            val before = direct()
            client.webSocket(server.url) {
                assertEquals("done", text())
                val grown = direct() - before
                measured.countDown()
                assertTrue(grown < 2 shl 20, "$grown bytes for $PINGS pings")
            }
        }
    }

    private fun direct() = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean::class.java).single { it.name == "direct" }.memoryUsed

    private companion object {
        /** More than the buffers of both kernels hold. */
        const val PINGS = 100_000
    }
}
