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

/** As many cycles as an invocation counts for, in a coroutine that runs already: its frame is not the pool's cost. */
suspend fun WebSocketPool.cycles(count: Int): Any? {
    var last: Any? = null
    repeat(count) { last = withConnection { handshake } }
    return last
}

suspend fun WebSocketPool.cyclesOfBorrow(count: Int): Any? {
    var last: Any? = null
    repeat(count) {
        val lease = borrow()
        try {
            last = lease.handshake
        } finally {
            lease.release()
        }
    }
    return last
}
