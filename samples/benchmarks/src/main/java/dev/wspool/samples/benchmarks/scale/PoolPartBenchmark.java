package dev.wspool.samples.benchmarks.scale;

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
 * What of the heap of an idle connection is the pool's: connections without an engine, new ones, and the same after their
 * first lease. What an engine adds is in {@link IdleConnectionsBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(1)
public class PoolPartBenchmark {
    @Param({"1000", "10000"})
    private int connections;

    /** What there is to see. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counters {
        public double heapBytesPerNewConnection;
        public double heapBytesPerUsedConnection;
    }

    @Benchmark
    public void hold(Counters counters) throws Exception {
        try (var first = new SilentPool(1)) {
            first.use();
        }
        long before = Footprint.heap();
        try (var pool = new SilentPool(connections)) {
            counters.heapBytesPerNewConnection = (double) (Footprint.heap() - before) / connections;
            pool.use();
            counters.heapBytesPerUsedConnection = (double) (Footprint.heap() - before) / connections;
        }
    }
}
