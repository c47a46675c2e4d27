package dev.wspool.ktor.engine.loop

import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.nio.channels.Selector
import kotlin.test.assertFailsWith
import kotlin.time.Duration.Companion.seconds

/** A loop that cannot run, as where the process has no descriptor left. */
class EventLoopTest {
    @Test
    fun whoFindsNoSelectorIsToldAndTheNextOneFindsOne() = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { server ->
        var isFirst = true
        val loop = EventLoop("test-loop") {
            if (isFirst) {
                isFirst = false
                throw IOException("Too many open files")
            }
            Selector.open()
        }
        runBlocking {
            withTimeout(20.seconds) {
                val failed = NioSocket(loop, Shared())
                assertFailsWith<IOException> { failed.connect(server.localSocketAddress) }
                failed.awaitRelease()
                val next = NioSocket(loop, Shared())
                next.connect(server.localSocketAddress)
                next.abort()
                next.awaitRelease()
            }
        }
    }
}
