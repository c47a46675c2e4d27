package dev.wspool.micrometer

import dev.wspool.AnyPoolGroup
import dev.wspool.EndpointState
import dev.wspool.GroupStats
import dev.wspool.PoolHealth
import dev.wspool.internal.log
import io.micrometer.core.instrument.MeterRegistry
import io.micrometer.core.instrument.Tag
import io.micrometer.core.instrument.Tags
import io.micrometer.core.instrument.binder.MeterBinder

/**
 * The numbers of a group as Micrometer's meters, under `wspool.group.`, with the tag `group`: of all its endpoints together, as those come
 * and go.
 *
 * ```kotlin
 * PoolGroupMetrics(group).bindTo(registry)
 * ```
 *
 * Meters are read when the registry is, from one snapshot for all; borrowers pay nothing for that. [close] takes the meters out of their
 * registries. Of two groups with the same name in one registry the second is not measured, and a WARN says so.
 *
 * @param tags put on each meter beside its own.
 */
public class PoolGroupMetrics(private val group: AnyPoolGroup, tags: Iterable<Tag>) :
    MeterBinder,
    AutoCloseable {
    public constructor(group: AnyPoolGroup) : this(group, emptyList())

    private val meters = Meters(group, Tags.of("group", group.name).and(tags)) { group.stats }

    override fun bindTo(registry: MeterRegistry) {
        val isMeasured = meters.bindTo(registry) {
            bindConnections()
            bindBorrows()
        }
        if (isMeasured) return
        log.warn("{}: not measured: the registry has the meters of another group of this name; give each its own", group.name)
    }

    private fun Meters<GroupStats>.Registering.bindConnections() {
        val connections = "wspool.group.connections"
        level(connections, "Connections by what they are doing", "state", "idle") { idle }
        level(connections, "Connections by what they are doing", "state", "leased") { leased }
        level(connections, "Connections by what they are doing", "state", "connecting") { endpoints.sumOf { it.pool.connecting } }
        level(connections, "Connections by what they are doing", "state", "closing") { endpoints.sumOf { it.pool.closing } }
        level("wspool.group.connections.max", "How many there may be") { maxConnections }
        for (state in EndpointState.entries) {
            level("wspool.group.endpoints", "Endpoints by whether they serve", "state", state.name.lowercase()) {
                endpoints.count { it.state == state }
            }
        }
        counter("wspool.group.ejections", "How often an endpoint was taken out of service") { ejections }
        level("wspool.group.up", "1 where callers are served, 0 where none is before something changes") {
            if (group.health().status == PoolHealth.Status.Down) 0 else 1
        }
    }

    private fun Meters<GroupStats>.Registering.bindBorrows() {
        val name = "wspool.group.borrows"
        counter(name, "Borrows by how they went", "outcome", "at_once") { borrowsAtOnce }
        counter(name, "Borrows by how they went", "outcome", "after_waiting") { borrows - borrowsAtOnce }
        counter(name, "Borrows by how they went", "outcome", "timed_out") { timedOut }
        counter(name, "Borrows by how they went", "outcome", "cancelled") { cancelled }
        counter(name, "Borrows by how they went", "outcome", "refused") { refused }
        level("wspool.group.waiting", "Callers who wait") { waiting }
    }

    override fun close(): Unit = meters.close()
}
