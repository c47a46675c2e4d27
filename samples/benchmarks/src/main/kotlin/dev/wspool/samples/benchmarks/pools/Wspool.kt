@file:JvmName("Wspool")

package dev.wspool.samples.benchmarks.pools

import dev.wspool.Endpoint
import dev.wspool.WebSocketPool
import dev.wspool.test.FakeConnector
import dev.wspool.withConnection
import kotlinx.coroutines.runBlocking

/** A pool of [connections], all of them open, without a network below it. */
fun open(connections: Int): WebSocketPool {
    val pool = WebSocketPool(FakeConnector(autoConnect = true), Endpoint("ws://localhost/")) {
        maxConnections = connections
        minIdle = connections
    }
    runBlocking { pool.warmUp(connections) }
    return pool
}

/** Borrow and return, as they are compiled into a user's code: withConnection is inline. */
suspend fun WebSocketPool.cycle(): Any = withConnection { handshake }
