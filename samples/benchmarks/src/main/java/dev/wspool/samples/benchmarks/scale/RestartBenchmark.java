package dev.wspool.samples.benchmarks.scale;

import dev.wspool.samples.benchmarks.echo.ServerProcess;
import java.net.URI;
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
 * The server crashes with all connections open and idle, and comes back after two seconds: how the pool takes it. It may make
 * 500 dials in a second, and a second's worth at once, so no second may see more than 1,000.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(1)
public class RestartBenchmark {
    private static final long DOWN_MILLIS = 2_000;

    @Param({"1000", "10000"})
    private int connections;

    /** What there is to see. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counters {
        /** From the crash until no connection counts as idle. */
        public double noticeMillis;

        /** From the server's return until all connections are there again. */
        public double recoverMillis;

        public long dialsWhileDown;
        public long dials;
        public long mostDialsInASecond;
        public long failedDials;
        public long errors;
        public long events;

        /** Processor time of the pool's process from the crash to the end. */
        public double cpuMillis;
    }

    @Benchmark
    public void restart(Counters counters) throws Exception {
        var server = ServerProcess.start();
        try (var pool = new WatchedPool(connections, server.address().ws())) {
            pool.awaitFull();
            pool.forgetDials();
            int eventsBefore = pool.getEvents();
            long cpu = Footprint.cpuNanos();
            var watch = new Stopwatch();
            server.kill();
            pool.awaitEmpty();
            counters.noticeMillis = watch.millis();
            Thread.sleep(DOWN_MILLIS);
            counters.dialsWhileDown = pool.getDials();
            server = ServerProcess.start(URI.create(server.address().ws()).getPort());
            watch.millis();
            pool.awaitFull();
            counters.recoverMillis = watch.millis();
            counters.cpuMillis = (Footprint.cpuNanos() - cpu) / 1e6;
            counters.dials = pool.getDials();
            counters.mostDialsInASecond = pool.getMostDialsInASecond();
            counters.failedDials = pool.getFailedDials();
            counters.errors = pool.getErrors();
            counters.events = pool.getEvents() - eventsBefore;
        } finally {
            server.close();
        }
    }
}
