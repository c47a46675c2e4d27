package dev.wspool.samples.tunnel.pairing

import dev.wspool.samples.tunnel.Address
import dev.wspool.samples.tunnel.TcpSocket
import io.ktor.network.selector.SelectorManager
import io.ktor.network.sockets.ServerSocket
import io.ktor.network.sockets.aSocket
import io.ktor.network.sockets.port
import io.ktor.utils.io.writeFully
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.supervisorScope
import java.io.IOException
import java.util.concurrent.atomic.AtomicInteger
import kotlin.random.Random

/** A TCP proxy that resets, for every [each]th connection that is made through it, one of those that are open. */
internal class CuttingProxy(private val selector: SelectorManager, private val target: Address, private val each: Int) {
    private class Link(val near: TcpSocket, val far: TcpSocket) {
        fun reset() {
            near.reset()
            far.reset()
        }
    }

    private lateinit var listener: ServerSocket
    private val links = ArrayList<Link>()
    private val random = Random(each)
    private val made = AtomicInteger()

    val cut = AtomicInteger()
    val port: Int get() = listener.port

    suspend fun listen() {
        listener = aSocket(selector).tcp().bind(Address("127.0.0.1", 0).socketAddress) { backlogSize = 1_024 }
    }

    /** Until it is cancelled. */
    suspend fun run(): Unit = listener.use {
        supervisorScope {
            while (true) listener.accept().let { launch { serve(TcpSocket(it)) } }
        }
    }

    private suspend fun serve(near: TcpSocket) {
        val far = try {
            TcpSocket(aSocket(selector).tcp().connect(target.socketAddress))
        } catch (_: IOException) { // as where the server is being restarted
            return near.reset()
        }
        val link = Link(near, far)
        val victim = synchronized(links) {
            links += link
            if (made.incrementAndGet() % each == 0) links.random(random) else null
        }
        if (victim != null) {
            cut.incrementAndGet()
            victim.reset()
        }
        try {
            coroutineScope {
                launch { copy(near, far) }
                launch { copy(far, near) }
            }
        } catch (_: IOException) {
            // cut, or killed at either end
        } finally {
            synchronized(links) { links -= link }
            link.reset()
        }
    }

    private suspend fun copy(from: TcpSocket, to: TcpSocket) {
        val buffer = ByteArray(SIZE)
        while (true) {
            val count = from.read(buffer)
            if (count < 0) return to.output.flushAndClose()
            to.output.writeFully(buffer, 0, count)
            to.output.flush()
        }
    }

    private companion object {
        const val SIZE = 4_096
    }
}
