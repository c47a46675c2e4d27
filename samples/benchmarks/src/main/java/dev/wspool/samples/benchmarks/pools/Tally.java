package dev.wspool.samples.benchmarks.pools;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A crowd that counts how often each of its callers is served during some time, which begins when all have come. */
final class Tally extends Crowd {
    private enum Phase {
        GATHERING,
        COUNTING,
        OVER
    }

    private static final long PATIENCE_SECONDS = 30;

    private final boolean[] hasCome;
    private final CountDownLatch absent;
    private final long[] served;
    private volatile Phase phase = Phase.GATHERING;

    Tally(int callers, Hold hold) {
        super(callers, hold);
        hasCome = new boolean[callers];
        absent = new CountDownLatch(callers);
        served = new long[callers];
    }

    @Override
    public int next(int caller) {
        if (!hasCome[caller]) {
            hasCome[caller] = true;
            absent.countDown();
        }
        Phase now = phase;
        if (now == Phase.COUNTING) served[caller]++;
        return now == Phase.OVER ? 0 : 1;
    }

    /** Lets the callers come, counts, and lets them go: a pool that does not serve the last of them fails. */
    void count(Lender lender, long settlingMillis, long countingMillis) throws Exception {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread host = new Thread(() -> {
            try {
                lender.serve(this);
                end.complete(null);
            } catch (Throwable failure) {
                end.completeExceptionally(failure);
            }
        });
        host.setDaemon(true);
        host.start();
        if (!absent.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(absent.getCount() + " callers have not come");
        }
        TimeUnit.MILLISECONDS.sleep(settlingMillis);
        phase = Phase.COUNTING;
        TimeUnit.MILLISECONDS.sleep(countingMillis);
        phase = Phase.OVER;
        end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
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
