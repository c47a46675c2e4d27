package dev.wspool.samples.benchmarks.pools;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * 1,000 callers, 8 connections, each held across a yield, for two seconds: how evenly they are served. Rivals as in
 * {@link ContendedBenchmark}, so that what one gains by unfairness there shows here. The time of a cycle means nothing.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 1) // JMH adds up the events of several
@Fork(1)
public class FairnessBenchmark {
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
    public void serve(Served served) throws Exception {
        served.count(lender);
    }
}
