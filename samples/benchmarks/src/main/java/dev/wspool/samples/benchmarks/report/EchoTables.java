package dev.wspool.samples.benchmarks.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Exchanges with a server, beside bare clients. */
final class EchoTables {
    static final String ECHO = "EchoBenchmark.exchange";
    static final String WINDOW = "WindowBenchmark.exchange";
    static final List<String> TRANSPORTS = List.of("ws", "wss");
    static final List<String> SIZES = List.of("100", "65536");
    static final List<String> CONNECTIONS = List.of("1", "10");

    private static final String POOLED = "RequestBenchmark.pooled";
    private static final String NEW_CONNECTION = "RequestBenchmark.newConnection";

    private EchoTables() {}

    static void addTo(Map<String, Content<String>> tables) {
        for (var size : SIZES) {
            for (var transport : TRANSPORTS) {
                tables.put("echo-" + size + "-" + transport, results -> echo(results, size, transport));
            }
        }
        for (var transport : TRANSPORTS) {
            tables.put("window-" + transport, results -> window(results, transport));
            tables.put("cost-" + transport, results -> cost(results, transport));
        }
        tables.put("request", EchoTables::request);
    }

    static Map<String, String> transport(String name) {
        return Map.of("transport", name);
    }

    static Map<String, String> params(String size, String transport, String connections) {
        return Map.of("size", size, "transport", transport, "connections", connections);
    }

    static String size(String bytes) {
        return bytes.equals("65536") ? "64 KiB" : bytes + " B";
    }

    static String connections(String number) {
        return number + (number.equals("1") ? " connection" : " connections");
    }

    /** Exchanges in a second on a pool's connection, by those on one of their own. */
    static double gain(Results results, String transport) {
        return pooled(results, transport) / newConnection(results, transport);
    }

    static double pooled(Results results, String transport) {
        return results.value(Metric.THROUGHPUT, POOLED, transport(transport));
    }

    static double newConnection(Results results, String transport) {
        return results.value(Metric.THROUGHPUT, NEW_CONNECTION, transport(transport));
    }

    /** How much of what Ktor on CIO moves a client moves. */
    static double ofKtor(Comparison clients, Result client) {
        return clients.all().stream()
                .filter(it -> it.param("client").equals(Names.KTOR_CIO))
                .mapToDouble(it -> client.score() / it.score())
                .findFirst()
                .orElse(Double.NaN);
    }

    /** The clients one below the other, in the order of the first number of connections that was measured. */
    private static Optional<String> echo(Results results, String size, String transport) {
        MarkdownTable<Result> table = null;
        List<Result> rows = List.of();
        for (var connections : CONNECTIONS) {
            var clients = Comparison.ofClients(results, ECHO, params(size, transport, connections));
            if (clients.isEmpty()) continue;
            if (table == null) {
                table = clients.get().table("client");
                rows = clients.get().bestFirst(Metric.THROUGHPUT);
            }
            columns(table, clients.get(), connections(connections) + ": ");
        }
        return table == null ? Optional.empty() : Optional.of(table.of(rows));
    }

    private static Optional<String> window(Results results, String transport) {
        return Comparison.ofClients(results, WINDOW, transport(transport)).map(clients -> {
            var table = clients.table("client");
            columns(table, clients, "");
            return table.of(clients.bestFirst(Metric.THROUGHPUT));
        });
    }

    /** What an exchange of small messages on one connection takes of the machine. */
    private static Optional<String> cost(Results results, String transport) {
        return Comparison.ofClients(results, ECHO, params("100", transport, "1"))
                .map(clients -> clients.table("client")
                        .number("ratio, CPU", it -> clients.ratio(Metric.CPU, it))
                        .number("CPU, µs", it -> Metric.CPU.of(it) / 1_000)
                        .number("context switches", Metric.SWITCHES::of)
                        .of(clients.bestFirst(Metric.CPU)));
    }

    private static void columns(MarkdownTable<Result> table, Comparison clients, String before) {
        table.number(before + "ratio", it -> clients.alike(it, twin -> clients.ratio(Metric.THROUGHPUT, twin)))
                .number("of Ktor on CIO", it -> clients.alike(it, twin -> ofKtor(clients, twin)))
                .whole("ops/s", it -> clients.alike(it, Result::score))
                .percent("spread", it -> clients.alike(it, Result::spread));
    }

    private static Optional<String> request(Results results) {
        var measured = TRANSPORTS.stream()
                .filter(it -> !Double.isNaN(gain(results, it)))
                .toList();
        if (measured.isEmpty()) return Optional.empty();
        return Optional.of(new MarkdownTable<String>("over", it -> it)
                .number("pooled / new", it -> gain(results, it))
                .whole("pooled, ops/s", it -> pooled(results, it))
                .whole("a new connection each, ops/s", it -> newConnection(results, it))
                .number("pooled, µs", it -> 1e6 / pooled(results, it))
                .number("a new connection, µs", it -> 1e6 / newConnection(results, it))
                .of(measured));
    }
}
