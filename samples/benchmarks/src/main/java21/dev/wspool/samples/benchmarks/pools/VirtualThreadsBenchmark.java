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

/** 10,000 virtual threads, 16 connections, each held across a yield. The threads are begun anew each time, for every rival alike. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class VirtualThreadsBenchmark {
    private static final int CALLERS = 10_000;
    private static final int CONNECTIONS = 16;
    private static final int BATCH = 1 << 2;
    private static final int CYCLES = 4 * BATCH * CALLERS;

    @Param
    public VirtualRival rival;

    private Lender lender;

    @Setup(Level.Trial)
    public void open() throws Exception {
        lender = rival.open(CONNECTIONS);
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        lender.close();
    }

    @Benchmark
    @OperationsPerInvocation(CYCLES)
    public void cycle() throws Exception {
        lender.serve(new Budget(CALLERS, Hold.ofMicros(0), CYCLES, BATCH));
    }
}
