package dev.wspool.samples.benchmarks.report;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** All who took part in a benchmark with the same parameters, and the one of ours to whom the others are related. */
record Comparison(List<Result> all, Result base, String who) {
    /** @param who the parameter that says who it is. */
    static Optional<Comparison> of(Results results, String benchmark, Map<String, String> params, String who) {
        var all = results.all(benchmark, params);
        return all.stream()
                .filter(it ->
                        it.param(who).equals(Names.WSPOOL) || it.param(who).equals(Names.OWN_ENGINE))
                .findFirst()
                .map(base -> new Comparison(all, base, who));
    }

    static Optional<Comparison> ofRivals(Results results, String benchmark, Map<String, String> params) {
        return of(results, benchmark, params, "rival");
    }

    static Optional<Comparison> ofClients(Results results, String benchmark, Map<String, String> params) {
        return of(results, benchmark, params, "client");
    }

    List<Result> bestFirst(Metric metric) {
        return all.stream().sorted(Comparator.comparingDouble(metric::rank)).toList();
    }

    double ratio(Metric metric, Result rival) {
        return metric.ratio(rival, base);
    }

    /** How much better than {@code rival} ours is; NaN where that one was not measured. */
    double aheadOf(Metric metric, String rival) {
        return all.stream()
                .filter(it -> it.param(who).equals(rival))
                .mapToDouble(it -> ratio(metric, it))
                .findFirst()
                .orElse(Double.NaN);
    }

    /** Who is not ours. */
    Optional<Result> bestRival(Metric metric) {
        return bestFirst(metric).stream()
                .filter(it -> !Names.isOurs(it.param(who)))
                .findFirst();
    }

    /** Of whom, of those who took part, is the same; NaN where none is. */
    double alike(Result one, ToDoubleFunction<Result> value) {
        return all.stream()
                .filter(it -> it.param(who).equals(one.param(who)))
                .mapToDouble(value)
                .findFirst()
                .orElse(Double.NaN);
    }

    /** @param metrics a bar of each who was measured. */
    List<Bar> bars(Metric order, List<Metric> metrics) {
        return bestFirst(order).stream()
                .map(it -> new Bar(Names.of(it.param(who)), Names.isOurs(it.param(who)), values(it, metrics)))
                .toList();
    }

    private static List<Double> values(Result result, List<Metric> metrics) {
        return metrics.stream().map(it -> it.of(result)).toList();
    }

    /** A table that begins with who it is. */
    MarkdownTable<Result> table(String title) {
        return new MarkdownTable<Result>(title, it -> Names.inTable(it.param(who)));
    }
}
