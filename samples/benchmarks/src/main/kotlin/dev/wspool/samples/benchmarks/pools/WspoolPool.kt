package dev.wspool.samples.benchmarks.pools

import dev.wspool.Diagnostics
import dev.wspool.Endpoint
import dev.wspool.WebSocketPool
import dev.wspool.withConnection
import kotlinx.coroutines.runBlocking
import org.openjdk.jmh.infra.Blackhole
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.seconds

/** wspool with its default policies, all [connections] of them open, without a network below it. */
class WspoolPool(connections: Int, diagnostics: Diagnostics) : SuspendingPool() {
    constructor(connections: Int) : this(connections, Diagnostics())

    val pool = WebSocketPool(BareConnector, Endpoint("ws://localhost/")) {
        maxConnections = connections
        minIdle = connections
        maxConnectsPerSecond = 1e6 // of a server that would mind there is none
        borrowTimeout = 1.hours
        this.diagnostics = diagnostics
    }

    init {
        check(runBlocking { pool.warmUp(connections) }.ready >= connections)
    }

    override suspend fun cycles(count: Int, blackhole: Blackhole) = repeat(count) {
        pool.withConnection { blackhole.consume(this) }
    }

    override suspend fun cyclesWithin(count: Int, blackhole: Blackhole) {
        val timeout = Lender.DEADLINE.seconds
        repeat(count) { pool.withConnection(timeout) { blackhole.consume(this) } }
    }

    override suspend fun visit(crowd: Crowd, caller: Int) = crowd.forEachCycle(caller) {
        pool.withConnection { crowd.hold().spend() }
    }

    override suspend fun await() {
        pool.borrow()
    }

    override fun close() {
        pool.close()
        runBlocking { pool.awaitClosed() }
    }
}
