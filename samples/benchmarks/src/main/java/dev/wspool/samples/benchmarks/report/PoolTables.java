package dev.wspool.samples.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pool beside other pools: what it costs. */
final class PoolTables {
    static final String UNCONTENDED = "UncontendedBenchmark.cycle";
    static final String WITH_DEADLINE = "UncontendedBenchmark.cycleWithDeadline";
    static final String CONTENDED = "ContendedBenchmark.cycle";
    static final List<String> HOLDS = List.of("0", "1", "10");

    private static final String ALONE = "LeaseBenchmark.borrowAndRelease";

    private PoolTables() {}

    static void addTo(Map<String, Content<String>> tables) {
        tables.put("uncontended", PoolTables::uncontended);
        tables.put("two-callers", PoolTables::twoCallers);
        tables.put("parts", PoolTables::parts);
        for (var hold : HOLDS) tables.put("contended-" + hold, results -> contended(results, hold));
        tables.put("virtual-threads", PoolTables::virtualThreads);
    }

    static Map<String, String> hold(String micros) {
        return Map.of("holdMicros", micros);
    }

    static Map<String, String> rival(String name) {
        return Map.of("rival", name);
    }

    /** What a deadline adds to a cycle of the same rival. */
    static double deadline(Results results, String rival) {
        return results.value(Metric.TIME, WITH_DEADLINE, rival(rival))
                - results.value(Metric.TIME, UNCONTENDED, rival(rival));
    }

    private static Optional<String> uncontended(Results results) {
        return Comparison.ofRivals(results, UNCONTENDED, Map.of()).map(pools -> {
            double base = results.value(Metric.TIME, WITH_DEADLINE, rival(Names.WSPOOL));
            return pools.table("pool")
                    .number("ratio", it -> pools.ratio(Metric.TIME, it))
                    .number("ns", Metric.TIME::of)
                    .whole("B", Metric.BYTES::of)
                    .percent("spread", Result::spread)
                    .number("with a deadline: ratio", it -> withDeadline(results, Metric.TIME, it) / base)
                    .number("ns", it -> withDeadline(results, Metric.TIME, it))
                    .whole("B", it -> withDeadline(results, Metric.BYTES, it))
                    .number("the deadline's ns", it -> deadline(results, it.param("rival")))
                    .of(pools.bestFirst(Metric.TIME));
        });
    }

    private static double withDeadline(Results results, Metric metric, Result cycle) {
        return results.value(metric, WITH_DEADLINE, cycle.params());
    }

    private static Optional<String> twoCallers(Results results) {
        return Comparison.ofRivals(results, "TwoCallersBenchmark.cycle", Map.of())
                .map(pools -> costs(pools).of(pools.bestFirst(Metric.TIME)));
    }

    private static Optional<String> contended(Results results, String hold) {
        return Comparison.ofRivals(results, CONTENDED, hold(hold))
                .map(pools -> costs(pools).of(pools.bestFirst(Metric.TIME)));
    }

    private static Optional<String> virtualThreads(Results results) {
        return Comparison.ofRivals(results, "VirtualThreadsBenchmark.cycle", Map.of())
                .map(pools -> costs(pools).of(pools.bestFirst(Metric.TIME)));
    }

    private static MarkdownTable<Result> costs(Comparison pools) {
        return pools.table("pool")
                .number("ratio, wall", it -> pools.ratio(Metric.TIME, it))
                .number("ratio, CPU", it -> pools.ratio(Metric.CPU, it))
                .number("wall ns", Metric.TIME::of)
                .number("CPU ns", Metric.CPU::of)
                .whole("B", Metric.BYTES::of)
                .percent("spread", Result::spread);
    }

    /** Of what is measured in halves the bytes are those of both. */
    private static Optional<String> parts(Results results) {
        record Part(String name, Result result, boolean whole) {}
        return results.one(ALONE, Map.of()).map(alone -> {
            var parts = new ArrayList<Part>();
            results.one("LeaseBenchmark.borrow", Map.of()).ifPresent(it -> parts.add(new Part("borrow", it, false)));
            results.one("LeaseBenchmark.release", Map.of()).ifPresent(it -> parts.add(new Part("release", it, false)));
            parts.add(new Part("both", alone, true));
            results.one(UNCONTENDED, rival(Names.WSPOOL))
                    .ifPresent(it -> parts.add(new Part("`withConnection`", it, true)));
            results.one("LeaseBenchmark.dial", Map.of())
                    .ifPresent(it -> parts.add(new Part("dial and close", it, true)));
            return new MarkdownTable<>("part", Part::name)
                    .number("of both", it -> it.result().score() / alone.score())
                    .number("ns", it -> it.result().score())
                    .whole("B", it -> it.whole() ? Metric.BYTES.of(it.result()) : Double.NaN)
                    .percent("spread", it -> it.result().spread())
                    .of(parts);
        });
    }
}
