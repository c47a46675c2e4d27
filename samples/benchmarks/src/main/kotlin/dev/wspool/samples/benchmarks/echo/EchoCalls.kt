package dev.wspool.samples.benchmarks.echo

import io.ktor.client.HttpClient
import io.ktor.client.plugins.websocket.webSocket
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.util.concurrent.atomic.AtomicInteger

/**
 * What the benchmarks call: an application of coroutines on `Dispatchers.Default`, the same for every client. Each call makes
 * many exchanges, so that to start and await the coroutines is no part of the result.
 */
internal class EchoCalls(private val client: EchoClient) : AutoCloseable by client {
    /** One coroutine for each connection; whoever is free makes the next of [times] exchanges. */
    fun exchange(connections: Int, message: ByteArray, times: Int) = runBlocking(Dispatchers.Default) {
        val left = AtomicInteger(times)
        repeat(connections) { connection ->
            launch { while (left.decrementAndGet() >= 0) client.exchange(connection, message).requireEcho(message) }
        }
    }

    fun pipeline(message: ByteArray, times: Int, outstanding: Int) =
        runBlocking(Dispatchers.Default) { client.pipeline(message, times, outstanding) }

    companion object {
        /** @param transport `ws` or `wss`. */
        @JvmStatic
        fun open(client: String, connections: Int, transport: String): EchoCalls {
            val server = ServerAddress.given()
            val trust = Trust(server.certificate)
            return EchoCalls(runBlocking { EchoClients.open(client, connections, server.url(transport), trust) })
        }
    }
}

/** A connection for each exchange, opened and closed as in Ktor's documentation. */
internal class UnpooledCalls private constructor(private val client: HttpClient, private val url: String) : AutoCloseable by client {
    fun exchange(message: ByteArray, times: Int) = runBlocking(Dispatchers.Default) {
        repeat(times) {
            client.webSocket(url) {
                val session = KtorSession(this)
                session.send(message)
                session.receive().requireEcho(message)
            }
        }
    }

    companion object {
        /** @param transport `ws` or `wss`. */
        @JvmStatic
        fun open(transport: String): UnpooledCalls {
            val server = ServerAddress.given()
            return UnpooledCalls(cio(Trust(server.certificate)), server.url(transport))
        }
    }
}
