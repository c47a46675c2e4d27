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
 * The bytes that each of 100,000 waiting callers retains, his coroutine or subscriber included, beside what a caller retains who
 * waits for what is no pool; and what each of as many leaves behind who has given up, while nothing is returned that would sweep
 * him away. Waiters that are threads have stacks, which no heap shows. The time means nothing.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1) // JMH adds up the events of several
@Fork(
        value = 1,
        jvmArgsAppend = {Heap.COLLECTOR, Heap.COMPACTION, "-Xms1g", "-Xmx1g"})
public class WaiterFootprintBenchmark {
    private static final int FEW = 10_000;
    private static final int MANY = 100_000;

    @Param({"WSPOOL", "CHANNEL", "SEMAPHORE", "REACTOR_POOL"})
    public Rival rival;

    /** The last is of a caller who waits for what is no pool. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Bytes {
        public double perWaiter;
        public double perCancelledWaiter;
        public double perCallerElsewhere;
    }

    @Benchmark
    public void measure(Bytes bytes) throws Exception {
        try (Lender lender = rival.open(1)) {
            lender.enqueue(1); // who has the connection, and keeps it
            lender.enqueue(FEW).run(); // all classes are loaded, and the first arrays made
            lender.enqueueElsewhere(FEW).run();
            long before = Heap.used();
            bytes.perWaiter = each(lender.enqueue(MANY), before);
            bytes.perCancelledWaiter = each(null, before);
            before = Heap.used();
            bytes.perCallerElsewhere = each(lender.enqueueElsewhere(MANY), before);
        }
    }

    /** What each of those retains whom {@code cancel} makes give up, which it then does. */
    private static double each(Runnable cancel, long before) throws InterruptedException {
        double each = (double) (Heap.used() - before) / MANY;
        if (cancel != null) cancel.run();
        return each;
    }
}
