package dev.wspool.ktor.engine.loop

import java.util.concurrent.atomic.AtomicInteger

/** The loops of an engine, which its sockets are spread over. */
internal class EventLoops(count: Int) {
    private val shared = Shared()
    private val loops = List(count) { EventLoop("wspool-engine-${numbers.incrementAndGet()}") }
    private val next = AtomicInteger()

    val tlsBuffers get() = shared.tlsBuffers

    fun socket(): NioSocket = NioSocket(loops[(next.getAndIncrement() and Int.MAX_VALUE) % loops.size], shared)

    private companion object {
        val numbers = AtomicInteger()
    }
}
