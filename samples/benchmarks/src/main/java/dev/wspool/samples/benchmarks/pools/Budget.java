package dev.wspool.samples.benchmarks.pools;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A crowd that shares a number of cycles: whoever is served more often does more of them, so that all callers contend until
 * the end, also for an unfair pool. They are handed out in batches, as a shared counter per cycle would be a bottleneck itself.
 */
final class Budget extends Crowd {
    private final int batch;
    private final AtomicInteger left;

    Budget(int callers, Hold hold, int cycles, int batch) {
        super(callers, hold);
        if (cycles % batch != 0) throw new IllegalArgumentException(cycles + " is no multiple of " + batch);
        this.batch = batch;
        this.left = new AtomicInteger(cycles);
    }

    @Override
    public int next(int caller) {
        return left.getAndAdd(-batch) > 0 ? batch : 0;
    }
}
