package dev.wspool.samples.benchmarks.report;

import static dev.wspool.samples.benchmarks.report.PoolTables.CONTENDED;
import static dev.wspool.samples.benchmarks.report.PoolTables.UNCONTENDED;
import static dev.wspool.samples.benchmarks.report.PoolTables.hold;
import static dev.wspool.samples.benchmarks.report.PoolTables.rival;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a borrow may cost, by itself and of what rivals' cost. */
record PoolGoals(Results results) {
    void addTo(List<Goal> goals) {
        uncontended(goals);
        for (var micros : PoolTables.HOLDS) {
            goals.add(ahead("wall", Metric.TIME, micros));
            goals.add(ahead("CPU", Metric.CPU, micros));
        }
        contended(goals, "wall", Metric.TIME);
        contended(goals, "CPU", Metric.CPU);
        var wspool = rival(Names.WSPOOL);
        goals.add(Goal.atMostBytes(
                220, "contended, a cycle", results.value(Metric.BYTES, CONTENDED, with(hold("0"), wspool))));
        goals.add(Goal.atMost(
                0.02, "", "fairness, variation", results.value(CrowdTables.VARIATION, CrowdTables.FAIRNESS, wspool)));
        goals.add(Goal.atMostBytes(
                0,
                "a cancelled waiter",
                results.value(Metric.cost(CrowdTables.PER_CANCELLED_WAITER), CrowdTables.WAITER_FOOTPRINT, wspool)));
    }

    private void uncontended(List<Goal> goals) {
        var what = "uncontended, a cycle";
        var wspool = rival(Names.WSPOOL);
        goals.add(Goal.atMost(30, "ns", what, results.value(Metric.TIME, UNCONTENDED, wspool)));
        goals.add(Goal.atMostBytes(24, what, results.value(Metric.BYTES, UNCONTENDED, wspool)));
        goals.add(of("COMMONS_POOL2", 0.10, what, Metric.TIME, UNCONTENDED, Map.of()));
        goals.add(of("REACTOR_POOL", 0.08, what, Metric.TIME, UNCONTENDED, Map.of()));
        goals.add(of("CHANNEL", 1.2, what, Metric.TIME, UNCONTENDED, Map.of()));
        goals.add(of("CONCURRENT_BAG", 3, what, Metric.TIME, UNCONTENDED, Map.of()));
        goals.add(
                Goal.atMost(5, "ns", "uncontended, what a deadline adds", PoolTables.deadline(results, Names.WSPOOL)));
    }

    private void contended(List<Goal> goals, String name, Metric metric) {
        var what = "contended, " + name;
        goals.add(of("CHANNEL", 0.6, what, metric, CONTENDED, hold("0")));
        goals.add(of("REACTOR_POOL", 0.25, what, metric, CONTENDED, hold("0")));
        goals.add(of("COMMONS_POOL2", 0.15, what, metric, CONTENDED, hold("0")));
    }

    private Goal of(
            String rival, double limit, String what, Metric metric, String benchmark, Map<String, String> params) {
        double ours = results.value(metric, benchmark, with(params, rival(Names.WSPOOL)));
        double theirs = results.value(metric, benchmark, with(params, rival(rival)));
        return Goal.atMost(limit, "× " + Names.of(rival), what, ours / theirs);
    }

    private Goal ahead(String name, Metric metric, String micros) {
        var what = "contended, " + name + ", held for " + micros + " µs";
        var pools = Comparison.ofRivals(results, CONTENDED, hold(micros));
        var rival = pools.flatMap(it -> it.bestRival(metric));
        if (rival.isEmpty()) return Goal.aheadOfAll("", what, Double.NaN);
        double ratio = metric.of(pools.get().base()) / metric.of(rival.get());
        return Goal.aheadOfAll(Names.of(rival.get().param("rival")), what, ratio);
    }

    private static Map<String, String> with(Map<String, String> some, Map<String, String> others) {
        var all = new HashMap<>(some);
        all.putAll(others);
        return all;
    }
}
