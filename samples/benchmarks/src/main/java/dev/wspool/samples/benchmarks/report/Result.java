package dev.wspool.samples.benchmarks.report;

import java.util.List;
import java.util.Map;

/** A benchmark with one set of parameters, as JMH has measured it. {@code counters} are JMH's secondary metrics. */
record Result(
        String benchmark,
        Map<String, String> params,
        double score,
        List<Double> iterations,
        Map<String, Double> counters,
        String vm) {
    String param(String name) {
        return params.get(name);
    }

    /** NaN where it was not measured: the profiler was not asked for. */
    double counter(String name) {
        return counters.getOrDefault(name, Double.NaN);
    }

    /** How far the slowest iteration is from the fastest, over their mean; NaN where there is but one. */
    double spread() {
        if (iterations.size() < 2) return Double.NaN;
        var range = iterations.stream().mapToDouble(Double::doubleValue).summaryStatistics();
        return (range.getMax() - range.getMin()) / range.getAverage();
    }

    boolean has(Map<String, String> expected) {
        return params.entrySet().containsAll(expected.entrySet());
    }
}
