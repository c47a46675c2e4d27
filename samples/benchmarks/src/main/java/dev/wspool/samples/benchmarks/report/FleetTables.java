package dev.wspool.samples.benchmarks.report;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Several servers and who shares callers out among them. */
final class FleetTables {
    private static final String OURS = "least-leased"; // what a group does unless told otherwise
    private static final Metric P99 = Metric.cost("p99Millis");

    private FleetTables() {}

    static void addTo(Map<String, Content<String>> tables) {
        tables.put("fleet", FleetTables::fleet);
    }

    private static Optional<String> fleet(Results results) {
        var all = results.all("FleetBenchmark.call", Map.of());
        if (all.isEmpty()) return Optional.empty();
        return Optional.of(new MarkdownTable<Result>("servers", it -> it.param("servers"))
                .text("shared out by", FleetTables::lender)
                .number("ratio, p99", it -> ratio(all, it))
                .number("p50, ms", it -> it.counter("p50Millis"))
                .number("p99, ms", P99::of)
                .number("worst, ms", it -> it.counter("worstMillis"))
                .whole("failed", it -> it.counter("failed"))
                .whole("answered", it -> it.counter("answered"))
                .number("of them by that one, %", it -> it.counter("percentOfFirst"))
                .of(all.stream()
                        .sorted(Comparator.comparing(it -> it.param("servers")))
                        .toList()));
    }

    private static String lender(Result result) {
        return switch (result.param("lender")) {
            case "pools" -> "pools, by turns";
            case "round-robin" -> "`RoundRobin`";
            case OURS -> "`LeastLeased`";
            case "two-choices" -> "`PowerOfTwoChoices`";
            default -> result.param("lender");
        };
    }

    /** To the group's own choice in as much trouble. */
    private static double ratio(List<Result> all, Result one) {
        return all.stream()
                .filter(it ->
                        it.param("lender").equals(OURS) && it.param("servers").equals(one.param("servers")))
                .mapToDouble(it -> P99.ratio(one, it))
                .findFirst()
                .orElse(Double.NaN);
    }
}
