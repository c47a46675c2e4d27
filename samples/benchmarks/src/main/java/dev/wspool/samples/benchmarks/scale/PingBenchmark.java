package dev.wspool.samples.benchmarks.scale;

import dev.wspool.samples.benchmarks.echo.ServerProcess;
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
 * What it takes to ping all idle connections every ten seconds: the part of one core, over twenty seconds of a process that has been
 * at it for a minute. Without an engine ({@code wspool-silent}) it is the pool's part.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(1)
public class PingBenchmark {
    private static final int INTERVAL_SECONDS = 10;
    private static final long WINDOW_MILLIS = 20_000;

    /** By then the pings come evenly, and their code is compiled. */
    private static final long BEFORE_MILLIS = 60_000;

    @Param({"wspool", "wspool-cio", "ktor-cio", "wspool-silent"})
    private String client;

    @Param("5000")
    private int connections;

    /** What there is to see. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counters {
        public double cpuPercent;

        /** How many were answered meanwhile, where the client tells. */
        public long pings;

        void measure(String client, int connections) throws Exception {
            try (var server = ServerProcess.start();
                    var many = ManyConnections.of(client, connections, server.address(), "ws", INTERVAL_SECONDS)) {
                many.open();
                Thread.sleep(BEFORE_MILLIS);
                Footprint.heap(); // what opening has left behind is not collected within the window
                long before = many.getPings();
                cpuPercent = Footprint.cpuPercentWithin(WINDOW_MILLIS);
                pings = many.getPings() - before;
            }
        }
    }

    @Benchmark
    public void ping(Counters counters) throws Exception {
        counters.measure(client, connections);
    }
}
