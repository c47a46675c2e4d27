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
 * The bytes that a pool retains for each idle connection, without the connection: the difference between a pool of 30,000 and
 * one of 10,000. What is pooled has one field, or none, everywhere; what that takes is measured and left out. The time means
 * nothing.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1) // JMH adds up the events of several
@Fork(
        value = 1,
        jvmArgsAppend = {Heap.COLLECTOR, Heap.COMPACTION, "-Xms1g", "-Xmx1g"})
public class IdleFootprintBenchmark {
    private static final int FEW = 10_000;
    private static final int MANY = 30_000;
    /** Within it an idle wspool is stamped, and its reaper sleeps. */
    private static final long SETTLING_MILLIS = 2_000;

    @Param
    public Rival rival;

    /** Of the pool, and of the connection itself. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Bytes {
        public double perIdleConnection;
        public double perBareConnection;
    }

    @Benchmark
    public Object measure(Bytes bytes) throws Exception {
        bytes.perBareConnection = perBareConnection();
        long before = Heap.used();
        Lender few = open(FEW);
        long between = Heap.used();
        Lender many = open(MANY);
        long after = Heap.used();
        few.close();
        many.close();
        double each = (double) ((after - between) - (between - before)) / (MANY - FEW);
        bytes.perIdleConnection = each - bytes.perBareConnection;
        return many;
    }

    private Lender open(int connections) throws Exception {
        Lender lender = rival.open(connections);
        TimeUnit.MILLISECONDS.sleep(SETTLING_MILLIS);
        return lender;
    }

    private static double perBareConnection() throws InterruptedException {
        Object[] connections = new Object[MANY];
        long before = Heap.used();
        for (int i = 0; i < MANY; i++) connections[i] = new BareConnection(null);
        long after = Heap.used();
        if (connections[MANY - 1] == null) throw new AssertionError("It must be reachable until here");
        return (double) (after - before) / MANY;
    }
}
