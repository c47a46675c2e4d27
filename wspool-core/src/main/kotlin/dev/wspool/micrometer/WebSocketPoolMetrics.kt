package dev.wspool.micrometer

import dev.wspool.DestroyReason
import dev.wspool.PoolHealth
import dev.wspool.PoolStats
import dev.wspool.WebSocketPool
import dev.wspool.internal.log
import io.micrometer.core.instrument.MeterRegistry
import io.micrometer.core.instrument.Tag
import io.micrometer.core.instrument.Tags
import io.micrometer.core.instrument.binder.MeterBinder

/**
 * The numbers of a pool as Micrometer's meters, under `wspool.`, with the tags `pool` and `endpoint` (without what may be secret).
 *
 * ```kotlin
 * WebSocketPoolMetrics(pool).bindTo(registry)
 * ```
 *
 * It has the pool measure the times of borrows from then on (`measureTimes` of [dev.wspool.Diagnostics]). Meters are read when the
 * registry is, from one snapshot for all; borrowers pay nothing for that. [close] takes the meters out of their registries. Two pools in
 * one registry need names of their own: of two with the same [name][WebSocketPool.name] and endpoint the second is not measured, and a
 * WARN says so.
 *
 * @param tags put on each meter beside its own.
 */
public class WebSocketPoolMetrics(private val pool: WebSocketPool, tags: Iterable<Tag>) :
    MeterBinder,
    AutoCloseable {
    public constructor(pool: WebSocketPool) : this(pool, emptyList())

    private val meters = Meters(pool, Tags.of("pool", pool.name, "endpoint", "${pool.endpoint}").and(tags)) { pool.stats }

    override fun bindTo(registry: MeterRegistry) {
        pool.reconfigure { diagnostics = diagnostics.copy(measureTimes = true) }
        val isMeasured = meters.bindTo(registry) {
            bindConnections()
            bindDials()
            bindBorrows()
            bindTraffic()
        }
        if (!isMeasured) {
            log.warn(
                "{}: not measured: the registry has the meters of another pool of this name and endpoint; " +
                    "give each its own (name), or close the binder of one that is gone",
                pool.name,
            )
        }
    }

    private fun Meters<PoolStats>.Registering.bindConnections() {
        val connections = "wspool.connections"
        level(connections, "Connections by what they are doing", "state", "idle") { idle }
        level(connections, "Connections by what they are doing", "state", "leased") { leased }
        level(connections, "Connections by what they are doing", "state", "connecting") { connecting }
        level(connections, "Connections by what they are doing", "state", "closing") { closing }
        level("wspool.connections.max", "How many there may be") { maxConnections }
        level("wspool.leases", "What callers hold: more than are leased where connections are shared") { leases }
        counter("wspool.connections.opened", "Connections that were opened") { created }
        for (reason in DestroyReason.entries) {
            val name = "wspool.connections.destroyed"
            counter(name, "Connections that are gone, by reason", "reason", reason.name) { destroyed[reason] ?: 0 }
        }
        level("wspool.up", "1 where callers are served, 0 where none is before something changes") {
            if (pool.health().status == PoolHealth.Status.Down) 0 else 1
        }
    }

    private fun Meters<PoolStats>.Registering.bindDials() {
        for (cause in CONNECT_FAILURES) {
            counter("wspool.connects.failed", "Dials that failed, by cause", "cause", cause) { connectFailuresByCause[cause] ?: 0 }
        }
        times("wspool.connect", "opening a connection") { connectTimes }
    }

    private fun Meters<PoolStats>.Registering.bindBorrows() {
        val name = "wspool.borrows"
        counter(name, "Borrows by how they went", "outcome", "at_once") { borrowsAtOnce }
        counter(name, "Borrows by how they went", "outcome", "after_waiting") { borrows - borrowsAtOnce }
        counter(name, "Borrows by how they went", "outcome", "timed_out") { timedOut }
        counter(name, "Borrows by how they went", "outcome", "cancelled") { cancelled }
        counter(name, "Borrows by how they went", "outcome", "refused") { refused }
        counter("wspool.borrows.reused", "Borrows that got a connection which had been lent before") { reused }
        level("wspool.waiting", "Callers who wait") { waiting }
        times("wspool.borrow", "getting a connection") { borrowTimes }
        times("wspool.use", "holding one") { useTimes }
        counter("wspool.leaks", "Leases that have leaked, or were suspected to have") { leaks }
        level("wspool.errors", "What the application has counted with recordError") { errors }
    }

    private fun Meters<PoolStats>.Registering.bindTraffic() {
        counter("wspool.messages", "Messages", "direction", "sent") { traffic.messagesSent }
        counter("wspool.messages", "Messages", "direction", "received") { traffic.messagesReceived }
        counter("wspool.payload", "Their payload", "direction", "sent", unit = "bytes") { traffic.bytesSent }
        counter("wspool.payload", "Their payload", "direction", "received", unit = "bytes") { traffic.bytesReceived }
        counter("wspool.orphans", "Messages on shared connections that belonged to no lease") { orphans }
        counter("wspool.pings", "Pings that the pool has sent") { pings }
        time("wspool.round.trip", "The smoothed time of a ping and its pong") { roundTrips.smoothed }
    }

    override fun close(): Unit = meters.close()

    private companion object {
        val CONNECT_FAILURES =
            listOf("ConnectFailed", "ConnectRefused", "ConnectTimeout", "HandshakeFailed", "HostNotFound", "TlsFailed")
    }
}
