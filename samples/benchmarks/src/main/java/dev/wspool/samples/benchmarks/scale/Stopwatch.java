package dev.wspool.samples.benchmarks.scale;

/** Milliseconds since it was made, or last asked. */
final class Stopwatch {
    private long since = System.nanoTime();

    double millis() {
        long now = System.nanoTime();
        double millis = (now - since) / 1e6;
        since = now;
        return millis;
    }
}
