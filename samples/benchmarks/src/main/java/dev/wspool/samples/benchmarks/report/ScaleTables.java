package dev.wspool.samples.benchmarks.report;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Thousands of connections, waiters and pools. */
final class ScaleTables {
    static final String IDLE = "IdleConnectionsBenchmark.idle";
    static final String IDLE_TLS = "IdleTlsBenchmark.idle";
    static final String BARE_TLS = "BareTlsBenchmark.hold";
    static final String POOL_PART = "PoolPartBenchmark.hold";
    static final String PING = "PingBenchmark.ping";
    static final String SMALL_HEAP = "SmallHeapBenchmark.ping";
    static final String RESTART = "RestartBenchmark.restart";
    static final Metric HEAP_USED = Metric.cost("heapBytesPerUsedConnection");
    static final Metric CPU_PERCENT = Metric.cost("cpuPercent");
    static final Metric MOST_DIALS = Metric.cost("mostDialsInASecond");

    static final Metric HEAP = Metric.cost("heapBytesPerConnection");

    private ScaleTables() {}

    static void addTo(Map<String, Content<String>> tables) {
        tables.put("idle", results -> idle(idleConnections(results)));
        tables.put("idle-wss", results -> idle(idleSecure(results)));
        tables.put("bare-tls", ScaleTables::bareTls);
        tables.put("pool-part", ScaleTables::poolPart);
        tables.put("ping", results -> ping(results, PING));
        tables.put("small-heap", results -> ping(results, SMALL_HEAP));
        tables.put("restart", ScaleTables::restart);
        tables.put("broadcast", ScaleTables::broadcast);
        tables.put("waiters", ScaleTables::waiters);
        tables.put("pools", ScaleTables::pools);
    }

    static int connections(Result result) {
        return Integer.parseInt(result.param("connections"));
    }

    /** OkHttp's, which is measured by itself, among them. */
    static List<Result> idleConnections(Results results) {
        return Stream.of(IDLE, "IdleOkHttpBenchmark.idle")
                .flatMap(it -> results.all(it, Map.of()).stream())
                .sorted(Comparator.comparingInt(ScaleTables::connections).thenComparingDouble(HEAP::rank))
                .toList();
    }

    static List<Result> idleSecure(Results results) {
        return results.all(IDLE_TLS, Map.of()).stream()
                .sorted(Comparator.comparingInt(ScaleTables::connections).thenComparingDouble(HEAP::rank))
                .toList();
    }

    private static Optional<String> idle(List<Result> all) {
        if (all.isEmpty()) return Optional.empty();
        return Optional.of(new MarkdownTable<Result>("client", it -> Names.inTable(it.param("client")))
                .whole("connections", ScaleTables::connections)
                .number("ratio, heap", it -> ratio(all, it, HEAP))
                .number("ratio, time to open", it -> ratio(all, it, Metric.cost("openMillis")))
                .whole("heap each, B", HEAP::of)
                .whole("threads", it -> it.counter("threads"))
                .whole("open, ms", it -> it.counter("openMillis"))
                .whole("close, ms", it -> it.counter("closeMillis"))
                .of(all));
    }

    /** To wspool with as many connections. */
    private static double ratio(List<Result> all, Result one, Metric metric) {
        return all.stream()
                .filter(it -> it.param("client").equals(Names.OWN_ENGINE) && connections(it) == connections(one))
                .mapToDouble(it -> metric.ratio(one, it))
                .findFirst()
                .orElse(Double.NaN);
    }

    private static Optional<String> bareTls(Results results) {
        return by("connections", results, BARE_TLS)
                .map(it -> it.table().whole("heap each, B", HEAP::of).of(it.rows()));
    }

    private static Optional<String> poolPart(Results results) {
        return by("connections", results, POOL_PART)
                .map(it -> it.table()
                        .whole("heap each, new, B", row -> row.counter("heapBytesPerNewConnection"))
                        .whole("heap each, used once, B", HEAP_USED::of)
                        .of(it.rows()));
    }

    private static Optional<String> ping(Results results, String benchmark) {
        return Comparison.ofClients(results, benchmark, Map.of())
                .map(clients -> clients.table("client")
                        .whole("connections", ScaleTables::connections)
                        .number("ratio", it -> clients.ratio(CPU_PERCENT, it))
                        .number("% of a core", CPU_PERCENT::of)
                        .whole("pings answered", ScaleTables::pings)
                        .of(clients.bestFirst(CPU_PERCENT)));
    }

    /** Not every client tells. */
    private static double pings(Result result) {
        double pings = result.counter("pings");
        return pings == 0 ? Double.NaN : pings;
    }

    private static Optional<String> restart(Results results) {
        return by("connections", results, RESTART)
                .map(it -> it.table()
                        .whole("noticed, ms", row -> row.counter("noticeMillis"))
                        .whole("recovered, ms", row -> row.counter("recoverMillis"))
                        .whole("dials", row -> row.counter("dials"))
                        .whole("most in a second", MOST_DIALS::of)
                        .whole("while down", row -> row.counter("dialsWhileDown"))
                        .whole("failed", row -> row.counter("failedDials"))
                        .whole("errors", row -> row.counter("errors"))
                        .whole("events", row -> row.counter("events"))
                        .whole("CPU, ms", row -> row.counter("cpuMillis"))
                        .of(it.rows()));
    }

    private static Optional<String> broadcast(Results results) {
        return by("connections", results, "BroadcastBenchmark.broadcast")
                .map(it -> it.table()
                        .number("the call, ms", row -> row.counter("callMillis"))
                        .number("until the last client has it, ms", row -> row.counter("allMillis"))
                        .number("CPU of the server, ms", row -> row.counter("cpuMillis"))
                        .whole("made to wait, of 20 rounds", row -> row.counter("waiting"))
                        .of(it.rows()));
    }

    private static Optional<String> waiters(Results results) {
        return by("waiters", results, "WaitersBenchmark.wait")
                .map(it -> it.table()
                        .whole("all wait, ms", row -> row.counter("enqueueMillis"))
                        .whole("all served, ms", row -> row.counter("serveMillis"))
                        .whole("all cancelled, ms", row -> row.counter("cancelMillis"))
                        .whole("heap each, B", row -> row.counter("heapBytesPerWaiter"))
                        .whole("before a semaphore, B", row -> row.counter("heapBytesPerSemaphoreWaiter"))
                        .whole("cancelled, B", row -> row.counter("heapBytesPerCancelledWaiter"))
                        .of(it.rows()));
    }

    private static Optional<String> pools(Results results) {
        return by("connector", results, "ManyPoolsBenchmark.hold")
                .map(it -> it.table()
                        .whole("pools", row -> Integer.parseInt(row.param("pools")))
                        .whole("ready at the first dial", row -> row.counter("ready"))
                        .whole("heap each, B", row -> row.counter("heapBytesPerPool"))
                        .whole("threads", row -> row.counter("threads"))
                        .number("idle, % of a core", row -> row.counter("idleCpuPercent"))
                        .whole("open, ms", row -> row.counter("openMillis"))
                        .whole("close, ms", row -> row.counter("closeMillis"))
                        .of(it.rows()));
    }

    private static String grouped(String value) {
        return value.matches("[0-9]+") ? Figures.whole(Integer.parseInt(value)) : value;
    }

    private record Rows(String param, List<Result> rows) {
        MarkdownTable<Result> table() {
            return new MarkdownTable<>(param, it -> grouped(it.param(param)));
        }
    }

    /** wspool alone, by what was varied. */
    private static Optional<Rows> by(String param, Results results, String benchmark) {
        var rows = results.all(benchmark, Map.of());
        return rows.isEmpty() ? Optional.empty() : Optional.of(new Rows(param, rows));
    }
}
