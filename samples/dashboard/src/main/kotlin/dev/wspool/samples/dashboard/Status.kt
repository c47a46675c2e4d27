package dev.wspool.samples.dashboard

import dev.wspool.Lease
import dev.wspool.PoolReport
import kotlinx.serialization.Serializable
import java.util.concurrent.ConcurrentHashMap
import kotlin.time.Duration
import kotlin.time.DurationUnit

/** The pool's connections one by one, as its report has them, with the time of the last request that the load has made on each. */
class Status {
    private val roundTrips = ConcurrentHashMap<String, Duration>()

    fun roundTrip(lease: Lease, time: Duration) {
        roundTrips["${lease.id}"] = time
    }

    fun rows(report: PoolReport): List<Row> {
        val rows = report.connections.map { connection ->
            Row(
                connection.id,
                connection.state.name.lowercase(),
                connection.age.inWholeMilliseconds,
                connection.uses,
                connection.since.inWholeMilliseconds,
                (roundTrips[connection.id] ?: connection.roundTrip)?.toDouble(DurationUnit.MILLISECONDS),
            )
        }
        roundTrips.keys.retainAll(rows.mapTo(HashSet(), Row::id))
        return rows
    }

    /**
     * @property age for how long it has been open, in milliseconds as all times.
     * @property held how long it has been in its [state]: idle for so long, held for so long.
     * @property roundTrip from the last request to its reply, or else of the last ping; null where neither was made.
     */
    @Serializable
    class Row(val id: String, val state: String, val age: Long, val uses: Int, val held: Long, val roundTrip: Double?)
}
