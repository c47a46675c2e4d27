package dev.wspool.samples.benchmarks.fleet;

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
import org.openjdk.jmh.util.ListStatistics;

/**
 * What balancing is worth: 500 callers a second, each of whom any of five servers could serve, while all are well, while one is slow, and after
 * one has gone. {@code pools} is what is written without a group: a pool for each server, one after the other.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(1)
public class FleetBenchmark {
    @Param({"pools", "round-robin", "least-leased", "two-choices"})
    private String lender;

    @Param({"well", "one slow", "one gone"})
    private String servers;

    /** What there is to see. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counters {
        /** What a call took, from the moment at which it was due. */
        public double p50Millis;

        public double p99Millis;
        public double worstMillis;

        /** Calls that failed, and those that did not. */
        public long failed;

        public long answered;

        /** Of what was answered, how much the server has that got into trouble. */
        public double percentOfFirst;
    }

    @Benchmark
    public void call(Counters counters) {
        try (var fleet = new Fleet(lender)) {
            fleet.warmUp();
            switch (servers) {
                case "one slow" -> fleet.slowOneDown();
                case "one gone" -> fleet.stopOne();
                default -> {}
            }
            fleet.measure();
            var times = new ListStatistics(fleet.getMillis());
            counters.p50Millis = times.getPercentile(50);
            counters.p99Millis = times.getPercentile(99);
            counters.worstMillis = times.getMax();
            counters.answered = times.getN();
            counters.failed = fleet.getFailed();
            counters.percentOfFirst = 100 * fleet.getShareOfFirst();
        }
    }
}
