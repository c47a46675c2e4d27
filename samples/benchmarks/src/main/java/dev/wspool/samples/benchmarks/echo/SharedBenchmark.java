package dev.wspool.samples.benchmarks.echo;

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

/** 64 callers who ask and wait: each with a connection of its own meanwhile, or several on one. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class SharedBenchmark {
    private static final int CALLERS = 64;
    private static final int REQUESTS = 3_200;

    /** Connections and the leases that each may have: who has 4 x 1 lets 60 wait. */
    @Param({"64 x 1", "4 x 1", "16 x 4", "4 x 16", "1 x 64"})
    private String places;

    private SharedCalls calls;

    @Setup(Level.Trial)
    public void open() {
        String[] numbers = places.split(" x ");
        calls = SharedCalls.open(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
    }

    @TearDown(Level.Trial)
    public void close() {
        calls.close();
    }

    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public void request() {
        calls.ask(CALLERS, REQUESTS);
    }
}
