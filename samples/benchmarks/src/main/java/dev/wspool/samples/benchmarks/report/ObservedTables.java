package dev.wspool.samples.benchmarks.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What it costs that a pool is watched. */
final class ObservedTables {
    private static final String CYCLE = "ObservedBenchmark.cycle";
    private static final String NOBODY = "NOBODY";
    private static final List<String> ALL =
            List.of(NOBODY, "EVENTS", "METRICS", "SAMPLED_LEAKS", "ALL_LEAKS", "BORROW_SITES");

    private ObservedTables() {}

    static void addTo(Map<String, Content<String>> tables) {
        tables.put("observed", ObservedTables::observed);
    }

    private static Optional<String> observed(Results results) {
        var measured = ALL.stream()
                .filter(it -> !Double.isNaN(of(results, Metric.TIME, it)))
                .toList();
        if (measured.isEmpty()) return Optional.empty();
        return Optional.of(new MarkdownTable<String>(
                        "watched", it -> it.toLowerCase().replace('_', ' '))
                .number("of unwatched", it -> of(results, Metric.TIME, it) / of(results, Metric.TIME, NOBODY))
                .number("ns", it -> of(results, Metric.TIME, it))
                .whole("B", it -> of(results, Metric.BYTES, it))
                .of(measured));
    }

    private static double of(Results results, Metric metric, String observed) {
        return results.value(metric, CYCLE, Map.of("observed", observed));
    }
}
