package dev.wspool.samples.benchmarks.pools;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Two callers at once and connections for both: what it costs that a pool is shared. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TwoCallersBenchmark {
    /** Enough that it does not matter how the two are started. */
    private static final int CYCLES = 1 << 20;

    @Param
    public Rival rival;

    private Lender lender;

    @Setup(Level.Trial)
    public void open() throws Exception {
        lender = rival.open(8);
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        lender.close();
    }

    @Benchmark
    @OperationsPerInvocation(CYCLES)
    public void cycle() throws Exception {
        lender.serve(new Budget(2, Hold.NOTHING, CYCLES, 1 << 10));
    }
}
