package dev.wspool.samples.benchmarks.pools;

import dev.wspool.WebSocketPool;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One caller, a connection always idle: what a borrow and its return cost of themselves. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class UncontendedBenchmark {
    private final Caller caller = new Caller();
    private WebSocketPool pool;

    @Setup(Level.Trial)
    public void open() {
        pool = Wspool.open(8);
    }

    @TearDown(Level.Trial)
    public void close() {
        pool.close();
    }

    @Benchmark
    public Object wspool() {
        return caller.await(Wspool.cycle(pool, caller));
    }

    @Benchmark
    @OperationsPerInvocation(1000)
    public Object wspoolLoop() {
        return caller.await(Wspool.cycles(pool, 1000, caller));
    }

    @Benchmark
    @OperationsPerInvocation(1000)
    public Object borrowLoop() {
        return caller.await(Wspool.cyclesOfBorrow(pool, 1000, caller));
    }
}
