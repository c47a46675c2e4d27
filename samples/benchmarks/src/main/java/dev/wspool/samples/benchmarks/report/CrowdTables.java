package dev.wspool.samples.benchmarks.report;

import java.util.Map;
import java.util.Optional;

/** A pool beside other pools: whom it serves, and what it keeps. */
final class CrowdTables {
    static final String FAIRNESS = "FairnessBenchmark.serve";
    static final String WAITER_FOOTPRINT = "WaiterFootprintBenchmark.measure";
    static final String PER_CANCELLED_WAITER = "perCancelledWaiter";
    static final Metric VARIATION = Metric.cost("coefficientOfVariation");

    private static final Metric SERVED = Metric.gain("mean");
    private static final Metric PER_IDLE_CONNECTION = Metric.cost("perIdleConnection");
    private static final Metric PER_WAITER = Metric.cost("perWaiter");

    private CrowdTables() {}

    static void addTo(Map<String, Content<String>> tables) {
        tables.put("fairness", CrowdTables::fairness);
        tables.put("fair-modes", CrowdTables::fairModes);
        tables.put("idle-footprint", CrowdTables::idleFootprint);
        tables.put("waiter-footprint", CrowdTables::waiterFootprint);
    }

    private static Optional<String> fairness(Results results) {
        return Comparison.ofRivals(results, FAIRNESS, Map.of())
                .map(pools -> pools.table("pool")
                        .number("variation", VARIATION::of)
                        .number("most / least", it -> it.counter("most") / it.counter("least"))
                        .whole("least", it -> it.counter("least"))
                        .whole("most", it -> it.counter("most"))
                        .number("ratio, mean", it -> pools.ratio(SERVED, it))
                        .whole("mean", SERVED::of)
                        .of(pools.bestFirst(VARIATION)));
    }

    /** Beside wspool as it always is, and beside what the rival is by default. */
    private static Optional<String> fairModes(Results results) {
        var modes = results.all("FairModeBenchmark.cycle", Map.of());
        if (modes.isEmpty()) return Optional.empty();
        var hold = PoolTables.hold("0");
        return Comparison.ofRivals(results, PoolTables.CONTENDED, hold)
                .map(pools -> pools.table("pool, told to be fair")
                        .number("ratio, wall", it -> pools.ratio(Metric.TIME, it))
                        .number("ratio, CPU", it -> pools.ratio(Metric.CPU, it))
                        .number("wall, of its default's", it -> Metric.TIME.of(it) / pools.alike(it, Metric.TIME::of))
                        .number("wall ns", Metric.TIME::of)
                        .number("CPU ns", Metric.CPU::of)
                        .whole("B", Metric.BYTES::of)
                        .number("variation", it -> results.value(VARIATION, "FairModeBenchmark.serve", it.params()))
                        .number("variation by default", it -> results.value(VARIATION, FAIRNESS, it.params()))
                        .of(modes));
    }

    private static Optional<String> idleFootprint(Results results) {
        return Comparison.ofRivals(results, "IdleFootprintBenchmark.measure", Map.of())
                .map(pools -> pools.table("pool")
                        .number("ratio", it -> pools.ratio(PER_IDLE_CONNECTION, it))
                        .whole("B", PER_IDLE_CONNECTION::of)
                        .of(pools.bestFirst(PER_IDLE_CONNECTION)));
    }

    private static Optional<String> waiterFootprint(Results results) {
        return Comparison.ofRivals(results, WAITER_FOOTPRINT, Map.of())
                .map(pools -> pools.table("pool")
                        .number("ratio", it -> pools.ratio(PER_WAITER, it))
                        .whole("B, waiting", PER_WAITER::of)
                        .whole("B, waiting for no pool", it -> it.counter("perCallerElsewhere"))
                        .whole("B, the pool's part", it -> PER_WAITER.of(it) - it.counter("perCallerElsewhere"))
                        .whole("B, cancelled", it -> it.counter(PER_CANCELLED_WAITER))
                        .of(pools.bestFirst(PER_WAITER)));
    }
}
