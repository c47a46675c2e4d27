package dev.wspool.samples.benchmarks.scale;

import java.io.BufferedReader;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * 100 bytes to all clients of an {@code AcceptedPool} on Ktor's CIO, twenty times, one after the other: how long the call takes, and how long it
 * is until the last client has it. The clients are another process.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(1)
public class BroadcastBenchmark {
    private static final int WARM_UPS = 20;
    private static final int ROUNDS = 20;
    private static final String TEXT = "x".repeat(100);

    @Param({"1000", "10000"})
    private int connections;

    /** What there is to see. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counters {
        /** The call alone, on the average. */
        public double callMillis;

        /** From the call until the last client has it, on the average. */
        public double allMillis;

        /** Processor time of the server's process for one. */
        public double cpuMillis;

        /** Of all rounds, to how many clients the engine did not take it at once. */
        public long waiting;
    }

    @Benchmark
    public void broadcast(Counters counters) throws Exception {
        try (var server = new BroadcastServer(connections)) {
            var clients = clientsOf(server);
            try (var lines = clients.inputReader()) {
                server.awaitClients();
                for (int round = 0; round < WARM_UPS; round++) send(server, lines);
                long cpu = Footprint.cpuNanos();
                for (int round = 0; round < ROUNDS; round++) measure(server, lines, counters);
                counters.cpuMillis = (Footprint.cpuNanos() - cpu) / 1e6 / ROUNDS;
                counters.callMillis /= ROUNDS;
                counters.allMillis /= ROUNDS;
            } finally {
                clients.getOutputStream().close();
                clients.waitFor();
            }
        }
    }

    private static void measure(BroadcastServer server, BufferedReader lines, Counters counters) throws Exception {
        long start = System.nanoTime();
        var report = server.broadcast(TEXT);
        counters.callMillis += (System.nanoTime() - start) / 1e6;
        counters.waiting += report.getWaiting();
        awaitAll(lines);
        counters.allMillis += (System.nanoTime() - start) / 1e6;
    }

    private static void send(BroadcastServer server, BufferedReader lines) throws Exception {
        server.broadcast(TEXT);
        awaitAll(lines);
    }

    private static void awaitAll(BufferedReader lines) throws Exception {
        if (lines.readLine() == null) throw new IllegalStateException("The clients have ended");
    }

    private static Process clientsOf(BroadcastServer server) throws Exception {
        var java = System.getProperty("java.home") + "/bin/java";
        var classPath = System.getProperty("java.class.path");
        var count = Integer.toString(server.getClients());
        var command = List.of(java, "-cp", classPath, BroadcastClients.class.getName(), server.getUrl(), count);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
