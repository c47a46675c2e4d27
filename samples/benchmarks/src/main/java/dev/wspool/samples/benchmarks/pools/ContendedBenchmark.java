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

/** 64 callers, 8 connections, each held across a yield: what a borrow that has to wait costs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ContendedBenchmark {
    static final int CALLERS = 64;
    static final int CONNECTIONS = 8;
    static final int CYCLES = 1 << 14;
    static final int BATCH = 1 << 4;

    @Param
    public Rival rival;

    /** How long the processor works on each hold. */
    @Param({"0", "1", "10"})
    public int holdMicros;

    private Lender lender;
    private Hold hold;

    @Setup(Level.Trial)
    public void open() throws Exception {
        lender = rival.open(CONNECTIONS);
        hold = Hold.ofMicros(holdMicros);
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        lender.close();
    }

    @Benchmark
    @OperationsPerInvocation(CYCLES)
    public void cycle() throws Exception {
        lender.serve(new Budget(CALLERS, hold, CYCLES, BATCH));
    }
}
