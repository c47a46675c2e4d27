package dev.wspool.samples.tunnel.pairing

import dev.wspool.AcceptedPool
import dev.wspool.ConnectionId
import dev.wspool.PoolException
import dev.wspool.announceId
import dev.wspool.ktor.server.webSocketPool
import dev.wspool.withConnection
import io.ktor.server.cio.CIO
import io.ktor.server.engine.connector
import io.ktor.server.engine.embeddedServer
import io.ktor.server.routing.routing
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds

/**
 * The end that is connected to, in a process of its own. It borrows a connection that waits, tells the other end its id on another
 * connection, and expects the same word, with that id and a number, on the connection that was meant. Then the connection is closed:
 * each id is used once.
 */
internal object PairingServer {
    private val pairs = AcceptedPool {
        name = "pairs"
        maxConnections = PairingClient.MOST
        onConnect { announceId() }
    }
    private val control = AcceptedPool {
        name = "control"
        maxConnections = 2 // as the successor of one that was cut may come before its end is seen
    }
    private val used = ConcurrentHashMap.newKeySet<ConnectionId>()
    private val number = AtomicInteger()
    private val lost = AtomicInteger()
    private val wrong = AtomicInteger()

    /** Its argument is the port, or 0. Its answers to `pair 100` and `settle` are lines on its output; it ends with its input. */
    @JvmStatic
    fun main(args: Array<String>) = runBlocking(Dispatchers.IO) {
        val server = embeddedServer(
            CIO,
            configure = {
                reuseAddress = true
                connector {
                    host = "127.0.0.1"
                    port = args[0].toInt()
                }
            },
        ) {
            routing {
                webSocketPool("/pairs", pairs)
                webSocketPool("/control", control)
            }
        }.startSuspend(wait = false)
        println(server.engine.resolvedConnectors().first().port)
        for (line in generateSequence(::readlnOrNull)) {
            when (val word = line.substringBefore(' ')) {
                "pair" -> pair(line.substringAfter(' ').toInt()).let { println("paired ${used.size} lost $lost wrong $wrong") }
                "settle" -> println(pairs.settled())
                else -> error(word)
            }
        }
        Runtime.getRuntime().halt(0)
    }

    private suspend fun pair(count: Int) = coroutineScope {
        val next = AtomicInteger()
        repeat(WORKERS) { launch { while (next.getAndIncrement() < count) untilPaired() } }
    }

    private suspend fun untilPaired() {
        while (!pairOnce()) lost.incrementAndGet() // it was cut, or the other end killed: another
    }

    private suspend fun pairOnce(): Boolean = try {
        pairs.withConnection(PATIENCE) {
            val word = "$id ${number.incrementAndGet()}"
            control.withConnection(PATIENCE) { send(word) }
            val reply = receiveText(PATIENCE)
            if (reply != word || !used.add(id)) wrong.incrementAndGet()
            invalidate("used")
        }
        true
    } catch (_: PoolException) {
        false
    }

    private const val WORKERS = 16
    private val PATIENCE = 10.seconds
}
