package dev.wspool.ktor.internal

import java.io.IOException
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/**
 * Holds up a thread that reads one connection and nothing else, while nobody takes messages: what is not read fills the
 * kernel's buffer, and TCP holds back the peer.
 */
internal class ReadPause {
    private val lock = ReentrantLock()
    private val changed = lock.newCondition()
    private var isPaused = false
    private var isEnded = false

    fun pause(): Unit = lock.withLock { isPaused = true }

    fun resume(): Unit = lock.withLock {
        isPaused = false
        changed.signalAll()
    }

    fun end(): Unit = lock.withLock {
        isEnded = true
        changed.signalAll()
    }

    /** @throws IOException where the connection has ended. */
    fun await(): Unit = lock.withLock {
        while (isPaused && !isEnded) changed.awaitUninterruptibly()
        if (isEnded) throw IOException("The connection has ended")
    }
}
