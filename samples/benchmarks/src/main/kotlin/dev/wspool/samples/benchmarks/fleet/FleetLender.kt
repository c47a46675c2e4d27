package dev.wspool.samples.benchmarks.fleet

import dev.wspool.Balancer
import dev.wspool.Discovery
import dev.wspool.Endpoint
import dev.wspool.Lease
import dev.wspool.PoolConfig
import dev.wspool.PoolGroup
import dev.wspool.WebSocketPool
import dev.wspool.withConnection
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Who shares callers out among endpoints. */
internal interface FleetLender : AutoCloseable {
    suspend fun ask()

    companion object {
        private const val EACH = 8

        fun of(name: String, endpoints: List<Endpoint>): FleetLender = when (name) {
            "pools" -> PoolsByTurns(endpoints.map { WebSocketPool("${it.url}") { settings() } })
            "round-robin" -> GroupLender(endpoints, Balancer.RoundRobin)
            "least-leased" -> GroupLender(endpoints, Balancer.LeastLeased)
            "two-choices" -> GroupLender(endpoints, Balancer.PowerOfTwoChoices)
            else -> throw IllegalArgumentException("No lender is called $name")
        }

        fun PoolConfig.Builder.settings() {
            maxConnections = EACH
            minIdle = 1 // so that there is one whose pings tell of the server
            borrowTimeout = 5.seconds
            pingInterval = 500.milliseconds
        }
    }
}

/** What is written without a group: a pool for each server, and one after the other. */
private class PoolsByTurns(private val pools: List<WebSocketPool>) : FleetLender {
    private val turn = AtomicInteger()

    override suspend fun ask() = pools[turn.getAndIncrement() % pools.size].withConnection { exchange() }

    override fun close() = pools.forEach { it.close() }
}

private class GroupLender(endpoints: List<Endpoint>, by: Balancer) : FleetLender {
    private val group = PoolGroup(Discovery.fixed(*endpoints.toTypedArray())) {
        balancer = by
        pools { with(FleetLender) { settings() } }
    }

    override suspend fun ask() = group.withConnection { exchange() }

    override fun close() = group.close()
}

private suspend fun Lease.exchange() {
    send("who?")
    receiveText(5.seconds)
}
