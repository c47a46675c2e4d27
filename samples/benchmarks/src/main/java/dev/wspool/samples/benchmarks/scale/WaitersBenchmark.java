package dev.wspool.samples.benchmarks.scale;

import java.util.concurrent.TimeUnit;
import javax.management.JMException;
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
 * A hundred thousand callers before a pool of eight connections, without an engine: how long it takes until all wait, until
 * all have had a connection, and until all have given up.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(1)
public class WaitersBenchmark {
    private static final int CONNECTIONS = 8;

    @Param("100000")
    private int waiters;

    /** What there is to see. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counters {
        public double enqueueMillis;
        public double serveMillis;
        public double cancelMillis;

        /** The waiting coroutine included. */
        public double heapBytesPerWaiter;

        /** The same coroutines before a semaphore of kotlinx. */
        public double heapBytesPerSemaphoreWaiter;

        /** What is left of each when all have given up. */
        public double heapBytesPerCancelledWaiter;
    }

    @Benchmark
    public void wait(Counters counters) throws Exception {
        try (var pool = new SilentPool(CONNECTIONS)) {
            pool.crowd(1).serve();
            SemaphoreCrowd.of(1).serve();
            long before = Footprint.heap();
            var plain = SemaphoreCrowd.of(waiters);
            counters.heapBytesPerSemaphoreWaiter = perWaiter(before);
            plain.serve();

            before = Footprint.heap();
            var watch = new Stopwatch();
            var served = pool.crowd(waiters);
            counters.enqueueMillis = watch.millis();
            counters.heapBytesPerWaiter = perWaiter(before);
            watch.millis();
            served.serve();
            counters.serveMillis = watch.millis();

            var cancelled = pool.crowd(waiters);
            watch.millis();
            cancelled.cancel();
            counters.cancelMillis = watch.millis();
            counters.heapBytesPerCancelledWaiter = perWaiter(before);
        }
    }

    private double perWaiter(long before) throws JMException {
        return (double) (Footprint.heap() - before) / waiters;
    }
}
