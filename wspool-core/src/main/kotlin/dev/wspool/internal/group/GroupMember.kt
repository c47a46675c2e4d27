package dev.wspool.internal.group

import dev.wspool.Endpoint
import dev.wspool.EndpointState
import dev.wspool.PoolEvent
import dev.wspool.internal.RealPool
import dev.wspool.internal.Seat
import dev.wspool.internal.machine.Affinity
import dev.wspool.internal.machine.Circuit
import dev.wspool.internal.machine.CircuitState
import dev.wspool.internal.machine.Member
import org.slf4j.event.Level
import kotlin.time.Duration.Companion.nanoseconds

/**
 * An endpoint of a group and its pool.
 *
 * @property key what the group knows it by.
 * @param canBeEjected whether others could serve in its place.
 */
internal class GroupMember(private val room: GroupRoom, val key: Any, val endpoint: Endpoint, canBeEjected: Boolean) :
    Member(room.machine, if (canBeEjected) room.machine.affinity else Affinity()) {
    override val circuit: Circuit? = if (canBeEjected) room.ejection?.let { Circuit(it, room.machine.fleet::mayEject, ::changed) } else null

    val madeWith = room.config

    /** Not made in a turn: it takes some of its own. */
    val pool = RealPool(endpoint, madeWith.of(endpoint), room.connector, ownsConnector = false, room.seat(this))

    val state: EndpointState
        get() = when {
            isLeaving -> EndpointState.Leaving
            circuit?.state == CircuitState.OPEN -> EndpointState.Ejected
            circuit?.state == CircuitState.HALF_OPEN -> EndpointState.Probing
            else -> EndpointState.Serving
        }

    override fun failed(now: Long) {
        super.failed(now)
        room.failed(endpoint)
    }

    private fun changed(circuit: Circuit) {
        room.readiness.mayHaveChanged()
        when (circuit.state) {
            CircuitState.CLOSED -> room.tell(Level.INFO) { PoolEvent.EndpointRestored(it, endpoint) }
            CircuitState.HALF_OPEN -> room.tell(Level.DEBUG) { PoolEvent.EndpointProbed(it, endpoint) }
            CircuitState.OPEN -> {
                room.ejections++
                room.tell(Level.WARN) { PoolEvent.EndpointEjected(it, endpoint, (circuit.ejectedUntil - room.now()).nanoseconds) }
            }
        }
    }

    override fun toString(): String = "$endpoint"
}
