package dev.wspool.samples.benchmarks.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests of many callers, who share connections or wait for one of their own. */
final class SharedTables {
    private static final String SHARED = "SharedBenchmark.request";
    private static final String ONE_EACH = "64 x 1";
    private static final List<String> PLACES = List.of(ONE_EACH, "4 x 1", "16 x 4", "4 x 16", "1 x 64");

    private SharedTables() {}

    static void addTo(Map<String, Content<String>> tables) {
        tables.put("shared", SharedTables::shared);
    }

    private static Optional<String> shared(Results results) {
        var measured =
                PLACES.stream().filter(it -> !Double.isNaN(of(results, it))).toList();
        if (measured.isEmpty()) return Optional.empty();
        return Optional.of(new MarkdownTable<String>("connections x leases", it -> it)
                .number("of a connection each", it -> of(results, it) / of(results, ONE_EACH))
                .whole("requests/s", it -> of(results, it))
                .of(measured));
    }

    private static double of(Results results, String places) {
        return results.value(Metric.THROUGHPUT, SHARED, Map.of("places", places));
    }
}
