package dev.wspool.samples.benchmarks.report;

import java.util.List;
import java.util.Map;

/** What an exchange through a pool may cost, and what it must gain. */
record EchoGoals(Results results) {
    void addTo(List<Goal> goals) {
        for (var size : EchoTables.SIZES) {
            for (var transport : EchoTables.TRANSPORTS) {
                for (var connections : EchoTables.CONNECTIONS) {
                    goals.add(ofKtor(
                            "echo, %s, %s, %s"
                                    .formatted(EchoTables.size(size), transport, EchoTables.connections(connections)),
                            EchoTables.ECHO,
                            EchoTables.params(size, transport, connections)));
                }
            }
        }
        for (var transport : EchoTables.TRANSPORTS) {
            goals.add(ofKtor("a window of 64, " + transport, EchoTables.WINDOW, EchoTables.transport(transport)));
        }
        goals.add(pooled("ws", 20));
        goals.add(pooled("wss", 40));
    }

    private Goal ofKtor(String what, String benchmark, Map<String, String> params) {
        var ratio = Comparison.ofClients(results, benchmark, params)
                .map(it -> EchoTables.ofKtor(it, it.base()))
                .orElse(Double.NaN);
        return Goal.atLeast(1, "× Ktor on CIO", what, ratio);
    }

    private Goal pooled(String transport, int limit) {
        return Goal.atLeast(
                limit, "× a new connection each", "pooled, " + transport, EchoTables.gain(results, transport));
    }
}
