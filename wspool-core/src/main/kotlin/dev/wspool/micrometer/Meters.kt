package dev.wspool.micrometer

import dev.wspool.TimeStats
import io.micrometer.core.instrument.FunctionCounter
import io.micrometer.core.instrument.FunctionTimer
import io.micrometer.core.instrument.Gauge
import io.micrometer.core.instrument.Meter
import io.micrometer.core.instrument.MeterRegistry
import io.micrometer.core.instrument.Tags
import io.micrometer.core.instrument.TimeGauge
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.TimeUnit
import kotlin.time.Duration
import kotlin.time.DurationUnit

/**
 * Meters of what [read] says. A meter keeps what it is made of only weakly, but for its function: [owner] is the user's to keep.
 *
 * @param tags put on each.
 */
internal class Meters<S : Any>(private val owner: Any, private val tags: Tags, read: () -> S) : AutoCloseable {
    private val latest = LatestStats(read)
    private val bound = ConcurrentLinkedQueue<Pair<MeterRegistry, Meter>>()

    /** False where [registry] has one of them already that is another's: who registers a meter that is there gets that one, and no word. */
    fun bindTo(registry: MeterRegistry, register: Registering.() -> Unit): Boolean {
        val own = bound.toSet()
        val known = registry.meters.toSet()
        Registering(registry).register()
        val hasOthers = bound.removeIf { (where, meter) -> where === registry && meter in known && (where to meter) !in own }
        return !hasOthers // which are not ours to take out
    }

    override fun close() {
        while (true) bound.poll()?.let { (registry, meter) -> registry.remove(meter) } ?: return
    }

    inner class Registering(private val registry: MeterRegistry) {
        fun level(name: String, what: String, vararg tag: String, value: S.() -> Number) =
            keep(Gauge.builder(name, owner) { latest.get().value().toDouble() }.description(what).tags(tags.and(*tag)).register(registry))

        fun counter(name: String, what: String, vararg tag: String, unit: String? = null, value: S.() -> Long) = keep(
            FunctionCounter.builder(name, owner) { latest.get().value().toDouble() }
                .description(what)
                .baseUnit(unit)
                .tags(tags.and(*tag))
                .register(registry),
        )

        fun times(name: String, what: String, value: S.() -> TimeStats) {
            val timer = FunctionTimer.builder(
                name,
                owner,
                { latest.get().value().count },
                { latest.get().value().total.toDouble(DurationUnit.SECONDS) },
                TimeUnit.SECONDS,
            )
            keep(timer.description("How long $what took").tags(tags).register(registry))
            time("$name.max", "The longest that $what took") { value().max }
            time("$name.p99", "What 99 of a hundred did not exceed") { value().p99 }
        }

        fun time(name: String, what: String, value: S.() -> Duration) = keep(
            TimeGauge.builder(name, owner, TimeUnit.SECONDS) { latest.get().value().toDouble(DurationUnit.SECONDS) }
                .description(what)
                .tags(tags)
                .register(registry),
        )

        private fun keep(meter: Meter) {
            bound += registry to meter
        }
    }
}
