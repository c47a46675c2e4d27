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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * wspool's borrow, its return and a dial as rows of their own, uncontended, as the pool socket_inference publishes them. Of the
 * first two the other half is done between the invocations, outside of the time, but within what {@code -prof gc} sees: its
 * bytes there are those of the whole cycle. An invocation of 256 makes the clock's part small.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LeaseBenchmark {
    private static final int CONNECTIONS = 256;
    private static final int CYCLES = 1_000;
    private static final int DIALS = 100;

    /** A pool and its one caller. */
    @State(Scope.Benchmark)
    public static class Pool {
        final Caller caller = new Caller();
        WspoolLeases leases;

        @Setup(Level.Trial)
        public void open() {
            leases = new WspoolLeases(CONNECTIONS);
        }

        @TearDown(Level.Trial)
        public void close() {
            leases.close();
        }
    }

    /** All connections are idle before each invocation. */
    @State(Scope.Benchmark)
    public static class Idle {
        @TearDown(Level.Invocation)
        public void release(Pool pool) {
            pool.leases.releaseAll();
        }
    }

    /** All connections are lent before each invocation. */
    @State(Scope.Benchmark)
    public static class Lent {
        @Setup(Level.Invocation)
        public void borrow(Pool pool) {
            pool.caller.await(pool.leases.borrowAll(pool.caller));
        }
    }

    @Benchmark
    @OperationsPerInvocation(CONNECTIONS)
    public void borrow(Pool pool, Idle idle) {
        pool.caller.await(pool.leases.borrowAll(pool.caller));
    }

    @Benchmark
    @OperationsPerInvocation(CONNECTIONS)
    public void release(Pool pool, Lent lent) {
        pool.leases.releaseAll();
    }

    /** Without {@code withConnection}: what it adds is the difference to {@link UncontendedBenchmark#cycle}. */
    @Benchmark
    @OperationsPerInvocation(CYCLES)
    public void borrowAndRelease(Pool pool, Blackhole blackhole) {
        pool.caller.await(pool.leases.borrowAndRelease(CYCLES, blackhole, pool.caller));
    }

    /** A fresh connection for each caller, opened by a connector without a network, and closed. */
    @Benchmark
    @OperationsPerInvocation(DIALS)
    public void dial(Pool pool) {
        pool.leases.dial(DIALS);
    }
}
