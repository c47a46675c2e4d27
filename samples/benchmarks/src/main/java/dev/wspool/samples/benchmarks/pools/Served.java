package dev.wspool.samples.benchmarks.pools;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** How often each of 1,000 callers was served in two seconds, as JMH shows it. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Served {
    private static final int CALLERS = 1_000;
    private static final long SETTLING_MILLIS = 500;
    private static final long COUNTING_MILLIS = 2_000;

    public double mean;
    public double coefficientOfVariation;
    public long least;
    public long most;

    void count(Lender lender) throws Exception {
        Tally tally = new Tally(CALLERS, Hold.ofMicros(0));
        tally.count(lender, SETTLING_MILLIS, COUNTING_MILLIS);
        mean = tally.mean();
        coefficientOfVariation = tally.coefficientOfVariation();
        least = tally.least();
        most = tally.most();
    }
}
