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

/** A thousand pools in one process, each with one idle connection: what they cost to have. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(1)
public class ManyPoolsBenchmark {
    private static final long SETTLING_MILLIS = 2_000;
    private static final long WINDOW_MILLIS = 5_000;

    @Param({"silent", "shared-client", "own-client"})
    private String connector;

    @Param("1000")
    private int pools;

    /** What there is to see. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counters {
        /** Pools that have got their connection at their first dial, within the default's ten seconds. */
        public int ready;

        public double openMillis;
        public double closeMillis;
        public double heapBytesPerPool;

        /** Threads more than before the first pool. */
        public int threads;

        /** Of one core, over five seconds in which nobody uses a pool. No ping falls into them. */
        public double idleCpuPercent;
    }

    @Benchmark
    public void hold(Counters counters) throws Exception {
        try (var server = ServerProcess.start()) {
            var url = server.address().ws();
            try (var first = ManyPools.of(connector, 1, url)) {
                first.open();
            }
            long heap = Footprint.heap();
            int threads = Footprint.threads();
            var watch = new Stopwatch();
            var many = ManyPools.of(connector, pools, url);
            counters.ready = many.open();
            counters.openMillis = watch.millis();
            counters.heapBytesPerPool = (double) (Footprint.heap() - heap) / pools;
            counters.threads = Footprint.threads() - threads;
            Thread.sleep(SETTLING_MILLIS); // a pool that has changed notes the time of it within a second
            counters.idleCpuPercent = Footprint.cpuPercentWithin(WINDOW_MILLIS);
            watch.millis();
            many.close();
            counters.closeMillis = watch.millis();
        }
    }
}
