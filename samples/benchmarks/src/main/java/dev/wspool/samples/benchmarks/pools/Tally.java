package dev.wspool.samples.benchmarks.pools;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** A crowd that counts how often each of its callers is served during some time, which begins when all have come. */
final class Tally extends Crowd {
    private enum Phase {
        GATHERING,
        COUNTING,
        OVER
    }

    private final long[] served;
    private volatile Phase phase = Phase.GATHERING;

    Tally(int callers, Hold hold) {
        super(callers, hold);
        served = new long[callers];
    }

    @Override
    public int next(int caller) {
        Phase now = phase;
        if (now == Phase.COUNTING) served[caller]++;
        return now == Phase.OVER ? 0 : 1;
    }

    /** Waits for the callers to come, counts, and lets them go. */
    void count(long gatheringMillis, long countingMillis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(gatheringMillis);
        phase = Phase.COUNTING;
        TimeUnit.MILLISECONDS.sleep(countingMillis);
        phase = Phase.OVER;
    }

    double mean() {
        return Arrays.stream(served).average().orElseThrow();
    }

    /** The standard deviation of the counts over their mean: 0 where all are served equally often. */
    double coefficientOfVariation() {
        double mean = mean();
        double variance = Arrays.stream(served)
                .mapToDouble(count -> (count - mean) * (count - mean))
                .average()
                .orElseThrow();
        return Math.sqrt(variance) / mean;
    }

    long least() {
        return Arrays.stream(served).min().orElseThrow();
    }

    long most() {
        return Arrays.stream(served).max().orElseThrow();
    }
}
