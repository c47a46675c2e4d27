package dev.wspool.samples.benchmarks.echo

import dev.wspool.Lease
import dev.wspool.WebSocketPool
import dev.wspool.ktor.webSocketPool
import dev.wspool.withConnection
import io.ktor.client.HttpClient
import kotlinx.coroutines.runBlocking

/** A pool that is full. It is used as it is meant to be: a borrow for each exchange, one for a whole conversation. */
internal class PooledClient private constructor(
    private val pool: WebSocketPool,
    private val alsoClose: AutoCloseable? = null,
) : EchoClient {
    override suspend fun exchange(connection: Int, message: ByteArray): ByteArray = pool.withConnection {
        send(message)
        receiveBinary()
    }

    override suspend fun pipeline(message: ByteArray, times: Int, outstanding: Int) =
        pool.withConnection { LeasedSession(this).pipeline(message, times, outstanding) }

    override fun close() {
        pool.close()
        runBlocking { pool.awaitClosed() }
        alsoClose?.close()
    }

    private class LeasedSession(private val lease: Lease) : EchoSession {
        override suspend fun send(message: ByteArray) = lease.send(message)

        override suspend fun receive(): ByteArray = lease.receiveBinary()
    }

    companion object {
        /** As wspool's documentation makes one. */
        suspend fun own(connections: Int, url: String, trust: Trust): PooledClient {
            val pool = WebSocketPool(url) {
                maxConnections = connections
                tls { trust(trust.certificate) }
            }
            return PooledClient(pool).filled(connections)
        }

        suspend fun of(client: HttpClient, connections: Int, url: String): PooledClient =
            PooledClient(client.webSocketPool(url) { maxConnections = connections }, client).filled(connections)

        private suspend fun PooledClient.filled(connections: Int): PooledClient {
            val report = pool.warmUp(connections)
            check(report.isComplete) { report }
            return this
        }
    }
}
