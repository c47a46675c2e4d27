package dev.wspool.ktor.engine.loop

import dev.wspool.ktor.descriptors
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import java.lang.ref.WeakReference
import java.net.InetAddress
import java.net.ServerSocket
import java.net.StandardSocketOptions
import java.nio.ByteBuffer
import java.nio.channels.SocketChannel
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What a socket of the loop's is told to be, and what is left of it and of who waits for it. */
class NioSocketTest {
    /** Linux shows TCP_NODELAY nowhere, so the channel itself is asked. That silent peers are probed is seen in `EngineSocketsTest`. */
    @Test
    fun smallWritesAreNotHeldBackAndSilentPeersAreProbed() = connected { socket, _ ->
        val channel = NioSocket::class.java.getDeclaredField("channel").apply { isAccessible = true }.get(socket) as SocketChannel
        for (option in listOf(StandardSocketOptions.TCP_NODELAY, StandardSocketOptions.SO_KEEPALIVE)) {
            assertTrue(channel.getOption(option), "$option")
        }
    }

    @Test
    fun descriptorIsGoneWhenTheEndIsTold() = repeat(20) {
        connected { socket, port ->
            val left = CompletableDeferred<Int>()
            socket.readWith(object : SocketReader {
                override fun onBytes(bytes: ByteBuffer) = false

                override fun onEnd(cause: Throwable?) {
                    left.complete(descriptors(port))
                }
            })
            socket.closeSoon(null)
            assertEquals(0, left.await())
        }
    }

    /** Though nothing has become of what he waited for: as with a peer that never reads again. */
    @Test
    fun whoNoLongerWaitsForRoomIsForgotten() = connected { socket, _ ->
        socket.write { outbox ->
            outbox.putRaw(ByteArray(LARGE))
            true
        }
        val forgotten = giveUp(socket)
        while (forgotten.get() != null) {
            System.gc()
            delay(10.milliseconds)
        }
    }

    private suspend fun CoroutineScope.giveUp(socket: NioSocket): WeakReference<Any> {
        val (waiting, mine) = await(socket)
        assertTrue(waiting.isActive)
        waiting.cancelAndJoin()
        return mine
    }

    private fun CoroutineScope.await(socket: NioSocket): Pair<Job, WeakReference<Any>> {
        val mine = Any()
        val waiting = launch(start = CoroutineStart.UNDISPATCHED) {
            socket.awaitAtMost(0)
            mine.hashCode()
        }
        return waiting to WeakReference(mine)
    }

    private fun connected(play: suspend CoroutineScope.(socket: NioSocket, port: Int) -> Unit) =
        ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { server ->
            val socket = EventLoops(1).socket()
            runBlocking(Dispatchers.Default) {
                withTimeout(20.seconds) {
                    socket.connect(server.localSocketAddress)
                    play(socket, server.localPort)
                }
            }
            socket.abort()
        }

    private companion object {
        /** More than the kernel's buffers. */
        const val LARGE = 32 shl 20
    }
}
