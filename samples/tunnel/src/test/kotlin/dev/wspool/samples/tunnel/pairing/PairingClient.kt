package dev.wspool.samples.tunnel.pairing

import dev.wspool.Backoff
import dev.wspool.BorrowRequest
import dev.wspool.ConnectionId
import dev.wspool.Message
import dev.wspool.PoolConfig
import dev.wspool.PoolException
import dev.wspool.UnsolicitedMessages
import dev.wspool.WebSocketPool
import dev.wspool.awaitEnd
import dev.wspool.readId
import dev.wspool.statsFlow
import dev.wspool.withConnection
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.withTimeoutOrNull
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The end that connects, in a process of its own: answers each word that names a connection on that connection. */
internal object PairingClient {
    private val seen = ConcurrentHashMap.newKeySet<String>()
    private val twice = AtomicInteger()

    /** Its argument is the server's port. Its answers to `twice` and `settle` are lines on its output; it ends with its input. */
    @JvmStatic
    fun main(args: Array<String>): Unit = runBlocking(Dispatchers.IO) {
        supervisorScope {
            val pool = poolOf("ws://127.0.0.1:${args[0]}/pairs") {
                minIdle = IDLE
                maxConnections = MOST
                onConnect { readId() }
            }
            poolOf("ws://127.0.0.1:${args[0]}/control") {
                minIdle = 1
                maxConnections = 1
                unsolicitedMessages = UnsolicitedMessages.Handle { _, message -> launch { answer(pool, message) } }
            }
            println("ready")
            for (line in generateSequence(::readlnOrNull)) println(if (line == "twice") "$twice" else pool.settled())
        }
        Runtime.getRuntime().halt(0)
    }

    private fun CoroutineScope.poolOf(url: String, configure: PoolConfig.Builder.() -> Unit) = WebSocketPool(url) {
        maxConcurrentConnects = 16
        maxConnectsPerSecond = 10_000.0
        backoff = Backoff(50.milliseconds, 500.milliseconds)
        parent = this@poolOf
        configure()
    }

    private suspend fun answer(pool: WebSocketPool, message: Message) {
        val word = (message as Message.Text).text
        val id = word.substringBefore(' ')
        if (!seen.add(id)) twice.incrementAndGet()
        try {
            pool.withConnection(BorrowRequest(PATIENCE, ConnectionId(id))) {
                send(if (this.id.value == id) word else "not $word")
                awaitEnd()
            }
        } catch (_: PoolException) {
            // it was cut, and the server knows
        }
    }

    const val IDLE = 50
    const val MOST = 100
    private val PATIENCE = 5.seconds
}

/** Waits until all is as if nothing had ever happened: as many wait as should, and nothing else is left. "settled", or what is not so. */
internal suspend fun WebSocketPool.settled(): String {
    withTimeoutOrNull(20.seconds) { statsFlow(20.milliseconds).first { it.idle == PairingClient.IDLE && it.total == it.idle } }
        ?: return "not settled: $stats"
    return if (stats.run { created - destroyed.values.sum() } == PairingClient.IDLE.toLong()) "settled" else "lost count: $stats"
}
