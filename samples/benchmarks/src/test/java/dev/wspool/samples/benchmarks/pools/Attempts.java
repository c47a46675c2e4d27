package dev.wspool.samples.benchmarks.pools;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Measures again until it is good enough, and gives up late. What is measured is what the code can do: before it is compiled, or
 * while a busy machine interrupts it, it does worse, never better.
 */
final class Attempts {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Attempts() {}

    /** The least that was measured: the first that is at most {@code enough}, or the best there was. */
    static double least(double enough, DoubleSupplier measure) {
        long start = System.nanoTime();
        double least = Double.POSITIVE_INFINITY;
        while (least > enough && System.nanoTime() - start < PATIENCE.toNanos()) {
            least = Math.min(least, measure.getAsDouble());
        }
        return least;
    }
}
