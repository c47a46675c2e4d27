package dev.wspool.samples.benchmarks.pools;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
@Measurement(iterations = 1)
@Fork(1)
public class FairnessBenchmark {
    private static final int CALLERS = 1_000;
    private static final int CONNECTIONS = 8;
    private static final long GATHERING_MILLIS = 500;
    private static final long COUNTING_MILLIS = 2_000;

    @Param
    public Rival rival;

    private Lender lender;

    @Setup(Level.Trial)
    public void open() throws Exception {
        lender = rival.open(CONNECTIONS);
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        lender.close();
    }

    /** How often callers were served. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Served {
        public double mean;
        public double coefficientOfVariation;
        public long least;
        public long most;
    }

    @Benchmark
    public void serve(Served served) throws Exception {
        Tally tally = serve(lender);
        served.mean = tally.mean();
        served.coefficientOfVariation = tally.coefficientOfVariation();
        served.least = tally.least();
        served.most = tally.most();
    }

    private static Tally serve(Lender lender) throws Exception {
        Tally tally = new Tally(CALLERS, Hold.ofMicros(0));
        CompletableFuture<Void> last = new CompletableFuture<>();
        Thread host = new Thread(() -> {
            try {
                lender.serve(tally);
                last.complete(null);
            } catch (Exception failure) {
                last.completeExceptionally(failure);
            }
        });
        host.setDaemon(true);
        host.start();
        tally.count(GATHERING_MILLIS, COUNTING_MILLIS);
        last.get(30, TimeUnit.SECONDS);
        return tally;
    }
}
