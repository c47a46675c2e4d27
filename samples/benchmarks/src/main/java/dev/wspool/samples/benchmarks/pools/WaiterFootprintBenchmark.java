package dev.wspool.samples.benchmarks.pools;

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
 * The bytes that a pool retains for each of 100,000 callers who wait, and for each of as many who have given up, while nothing
 * is returned that would sweep them away. What a caller takes who waits for something else (a coroutine that is suspended, a
 * subscriber of nothing) is left out. Waiters that are threads have stacks, which no heap shows. The time means nothing.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xms1g", "-Xmx1g"})
public class WaiterFootprintBenchmark {
    private static final int FEW = 10_000;
    private static final int MANY = 100_000;

    @Param({"WSPOOL", "CHANNEL", "SEMAPHORE", "REACTOR_POOL"})
    public Rival rival;

    /** Of the pool, and of a caller who waits for something else. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Bytes {
        public double perWaiter;
        public double perCancelledWaiter;
        public double perCaller;
    }

    @Benchmark
    public void measure(Bytes bytes) throws Exception {
        try (Lender lender = rival.open(1)) {
            lender.enqueue(1); // who has the connection, and keeps it
            lender.enqueue(FEW).run(); // all classes are loaded, and the first arrays made
            long before = Heap.used();
            Runnable cancel = lender.enqueue(MANY);
            long waiting = Heap.used();
            cancel.run();
            long cancelled = Heap.used();
            cancel = lender.enqueueElsewhere(MANY);
            long elsewhere = Heap.used();
            cancel.run();
            bytes.perCaller = (double) (elsewhere - cancelled) / MANY;
            bytes.perWaiter = (double) (waiting - before) / MANY - bytes.perCaller;
            bytes.perCancelledWaiter = (double) (cancelled - before) / MANY;
        }
    }
}
