package dev.wspool.samples.benchmarks.report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What wspool's own engine is to be beside others: small messages, one connection at a time, and what it keeps. */
record EngineGoals(Results results) {
    private static final Map<String, String> THOUSAND = Map.of("connections", "1000");

    void addTo(List<Goal> goals) {
        goals.add(ahead("ws", 2.5, Names.KTOR_CIO_RAW, "× Ktor on CIO, raw"));
        goals.add(ahead("ws", 1, Names.NETTY, "× Netty"));
        goals.add(ahead("wss", 3, Names.KTOR_CIO_RAW, "× Ktor on CIO, raw"));
        goals.add(Goal.atLeast(300_000, "messages a second", "own engine, a window of 64, ws", window()));
        goals.add(Goal.atMost(
                6,
                "context switches",
                "own engine, an exchange",
                results.value(Metric.SWITCHES, EchoTables.ECHO, own(EchoTables.params("100", "ws", "1")))));
        goals.add(Goal.atMostBytes(
                1_500,
                "own engine, an idle connection, of 1 000",
                results.value(ScaleTables.HEAP, ScaleTables.IDLE, own(THOUSAND))));
        goals.add(Goal.atMostBytes(
                1_000, "of TLS, of 1 000 idle connections, above an `SSLEngine` alone", tlsOverhead()));
        goals.add(Goal.atMost(
                3,
                "% of a core",
                "own engine, pings of 10 000 every 10 s in 64 MiB",
                results.value(ScaleTables.CPU_PERCENT, ScaleTables.SMALL_HEAP, own(Map.of()))));
    }

    private Goal ahead(String transport, double limit, String rival, String unit) {
        var ratio = Comparison.ofClients(results, EchoTables.ECHO, EchoTables.params("100", transport, "1"))
                .map(it -> it.aheadOf(Metric.THROUGHPUT, rival))
                .orElse(Double.NaN);
        return Goal.atLeast(limit, unit, "own engine, serial, " + transport, ratio);
    }

    /** What a connection has more with TLS than without, but for what the JDK keeps whoever drives it. */
    private double tlsOverhead() {
        return results.value(ScaleTables.HEAP, ScaleTables.IDLE_TLS, own(THOUSAND))
                - results.value(ScaleTables.HEAP, ScaleTables.IDLE, own(THOUSAND))
                - results.value(ScaleTables.HEAP, ScaleTables.BARE_TLS, THOUSAND);
    }

    private double window() {
        return results.value(Metric.THROUGHPUT, EchoTables.WINDOW, own(EchoTables.transport("ws")));
    }

    private static Map<String, String> own(Map<String, String> params) {
        var all = new HashMap<>(params);
        all.put("client", Names.OWN_ENGINE);
        return all;
    }
}
