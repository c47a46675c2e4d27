package dev.wspool.samples.benchmarks.report;

import java.util.List;
import java.util.Map;

/** What thousands may cost. */
record ScaleGoals(Results results) {
    private static final List<String> CONNECTIONS = List.of("1000", "10000");
    private static final int MOST_DIALS = 1_000; // see RestartBenchmark

    void addTo(List<Goal> goals) {
        for (var connections : CONNECTIONS) {
            goals.add(Goal.atMostBytes(
                    400,
                    "the pool's part of an idle connection, of " + grouped(connections),
                    value(ScaleTables.HEAP_USED, ScaleTables.POOL_PART, connections)));
        }
        goals.add(ping("pings of 5,000 every 10 s", Names.OWN_ENGINE));
        goals.add(ping("of it the pool's part", "wspool-silent"));
        for (var connections : CONNECTIONS) {
            goals.add(Goal.atMost(
                    MOST_DIALS,
                    "dials",
                    "a restart with " + grouped(connections) + ", in the busiest second",
                    value(ScaleTables.MOST_DIALS, ScaleTables.RESTART, connections)));
        }
    }

    private Goal ping(String what, String client) {
        var params = Map.of("client", client, "connections", "5000");
        return Goal.atMost(5, "% of a core", what, results.value(ScaleTables.CPU_PERCENT, ScaleTables.PING, params));
    }

    private double value(Metric metric, String benchmark, String connections) {
        return results.value(metric, benchmark, Map.of("connections", connections));
    }

    private static String grouped(String connections) {
        return Figures.whole(Integer.parseInt(connections));
    }
}
