package dev.wspool.samples.benchmarks.echo

import dev.wspool.Correlator
import dev.wspool.Message
import dev.wspool.WebSocketPool
import dev.wspool.request
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.minutes

/** Many callers who each ask and wait for the answer, over few connections; with more than one lease each they share them. */
internal class SharedCalls private constructor(private val pool: WebSocketPool) : AutoCloseable {
    /** Whoever of the [callers] is free makes the next of [times] requests, each of 100 bytes and like no other. */
    fun ask(callers: Int, times: Int) = runBlocking(Dispatchers.Default) {
        val left = AtomicInteger(times)
        repeat(callers) {
            launch {
                while (true) {
                    val number = left.decrementAndGet()
                    if (number < 0) return@launch
                    val question = "$number:".padEnd(SIZE, '.')
                    check(pool.request(question) == question) { "the answer to another question" }
                }
            }
        }
    }

    override fun close() = runBlocking {
        pool.close()
        pool.awaitClosed()
    }

    companion object {
        private const val SIZE = 100

        @JvmStatic
        fun open(connections: Int, leases: Int): SharedCalls {
            val pool = WebSocketPool(ServerAddress.given().url("ws")) {
                maxConnections = connections
                borrowTimeout = 1.minutes
                if (leases > 1) {
                    leasesPerConnection = leases
                    correlator = ByNumber
                }
            }
            runBlocking { check(pool.warmUp(connections).isComplete) }
            return SharedCalls(pool)
        }
    }

    /** A message begins with its number. */
    private object ByNumber : Correlator {
        override fun requestId(request: Message): Any = idOf(request)

        override fun replyTo(message: Message): Correlator.Reply = Correlator.Reply(idOf(message))

        private fun idOf(message: Message): String = (message as Message.Text).text.substringBefore(':')
    }
}
