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

/** What it gains, and what it costs the crowd of {@link ContendedBenchmark}, that rivals are told to be fair. */
@State(Scope.Benchmark)
@Fork(1)
public class FairModeBenchmark {
    @Param
    public FairRival rival;

    private Lender lender;
    private Hold hold;

    @Setup(Level.Trial)
    public void open() throws Exception {
        lender = rival.open(ContendedBenchmark.CONNECTIONS);
        hold = Hold.ofMicros(0);
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        lender.close();
    }

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    @Warmup(iterations = 5, time = 1)
    @Measurement(iterations = 5, time = 1)
    @OperationsPerInvocation(ContendedBenchmark.CYCLES)
    public void cycle() throws Exception {
        lender.serve(new Budget(ContendedBenchmark.CALLERS, hold, ContendedBenchmark.CYCLES, ContendedBenchmark.BATCH));
    }

    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    @Warmup(iterations = 1)
    @Measurement(iterations = 1) // JMH adds up the events of several
    public void serve(Served served) throws Exception {
        served.count(lender);
    }
}
