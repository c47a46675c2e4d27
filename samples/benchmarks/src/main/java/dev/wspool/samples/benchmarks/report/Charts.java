package dev.wspool.samples.benchmarks.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the page shows as pictures. */
final class Charts {
    private Charts() {}

    static void addTo(Map<String, Content<BarChart>> charts) {
        charts.put("uncontended", Charts::uncontended);
        charts.put("contended", Charts::contended);
        charts.put("fairness", Charts::fairness);
        charts.put("echo", Charts::echo);
        charts.put("request", Charts::request);
        charts.put("idle", Charts::idle);
    }

    private static Optional<BarChart> uncontended(Results results) {
        return Comparison.ofRivals(results, PoolTables.UNCONTENDED, Map.of())
                .flatMap(it -> complete(new BarChart(
                        "Borrow and return, one caller",
                        "ns, less is better",
                        it.bars(Metric.TIME, List.of(Metric.TIME)))));
    }

    private static Optional<BarChart> contended(Results results) {
        return Comparison.ofRivals(results, PoolTables.CONTENDED, PoolTables.hold("0"))
                .flatMap(it -> complete(new BarChart(
                        "Borrow and return, 64 callers on 8 connections",
                        "ns, less is better; dark: wall time, pale: CPU time",
                        it.bars(Metric.TIME, List.of(Metric.TIME, Metric.CPU)))));
    }

    private static Optional<BarChart> fairness(Results results) {
        return Comparison.ofRivals(results, CrowdTables.FAIRNESS, Map.of())
                .flatMap(it -> complete(new BarChart(
                        "How unevenly 1,000 waiters are served",
                        "coefficient of variation of how often each was served, less is better",
                        it.bars(CrowdTables.VARIATION, List.of(CrowdTables.VARIATION)))));
    }

    private static Optional<BarChart> echo(Results results) {
        var wss = Comparison.ofClients(results, EchoTables.ECHO, EchoTables.params("100", "wss", "10"));
        if (wss.isEmpty()) return Optional.empty();
        var overTls = new Metric(it -> wss.get().alike(it, Result::score), true);
        return Comparison.ofClients(results, EchoTables.ECHO, EchoTables.params("100", "ws", "10"))
                .flatMap(it -> complete(new BarChart(
                        "Echo of 100 bytes on 10 connections",
                        "exchanges per second, more is better; dark: ws, pale: wss",
                        it.bars(Metric.THROUGHPUT, List.of(Metric.THROUGHPUT, overTls)))));
    }

    private static Optional<BarChart> request(Results results) {
        var bars = Stream.of("ws", "wss")
                .flatMap(it -> Stream.of(
                        bar("pooled, " + it, true, EchoTables.pooled(results, it)),
                        bar("a new connection, " + it, false, EchoTables.newConnection(results, it))))
                .toList();
        return complete(new BarChart("A request by itself", "exchanges of 100 bytes per second, more is better", bars));
    }

    private static Optional<BarChart> idle(Results results) {
        var bars = ScaleTables.idleConnections(results).stream()
                .filter(it -> ScaleTables.connections(it) == 1_000)
                .map(it -> bar(Names.of(it.param("client")), Names.isOurs(it.param("client")), ScaleTables.HEAP.of(it)))
                .toList();
        return complete(new BarChart("Heap of an idle connection", "bytes each, of 1,000, less is better", bars));
    }

    private static Bar bar(String name, boolean ours, double value) {
        return new Bar(name, ours, List.of(value));
    }

    /** Nothing, if something of it was not measured. */
    private static Optional<BarChart> complete(BarChart chart) {
        boolean measured =
                chart.bars().stream().noneMatch(it -> it.values().stream().anyMatch(value -> value.isNaN()));
        return chart.bars().isEmpty() || !measured ? Optional.empty() : Optional.of(chart);
    }
}
