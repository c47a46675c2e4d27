package dev.wspool.samples.dashboard

import kotlinx.coroutines.delay
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlin.time.Duration.Companion.milliseconds

/**
 * What the pool connects to, a server behind a relay, and all that can go wrong with it.
 *
 * @param slowly what it does before a reply while it [isSlow].
 */
class Upstream(credentials: Credentials, slowly: suspend () -> Unit = { delay(SLOW.random().milliseconds) }) : AutoCloseable {
    private val relay = Relay()
    private val changing = Mutex()
    private val newServer = { EchoServer(credentials) { if (isSlow) slowly() else delay(QUICK.random().milliseconds) } }

    @Volatile
    private var server: EchoServer? = null

    /** False while it is killed: its connections have ended, and new ones are refused. */
    val isUp: Boolean get() = server != null

    /** True while it takes its time for a reply. */
    @Volatile
    var isSlow = false

    /** See [Relay.isHalfOpen]. */
    var isHalfOpen: Boolean by relay::isHalfOpen

    /** The same after each [start]. */
    val url: String get() = "ws://127.0.0.1:${relay.port}/"

    /** Harmless where it is there. */
    suspend fun start() = changing.withLock {
        if (server != null) return@withLock
        val started = newServer()
        relay.listen(target = started.start())
        server = started
    }

    /** Without a word to its clients. Harmless where it is killed. */
    suspend fun kill() = changing.withLock {
        val killed = server ?: return@withLock
        server = null
        relay.cut()
        killed.stop()
    }

    override fun close() = relay.close()

    private companion object {
        /** Milliseconds. */
        val QUICK = 10..40
        val SLOW = 500..900
    }
}
