package dev.wspool.samples.java;

import dev.wspool.PoolStats;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** What came of the lines. */
final class Summary {
    private final Histogram times = new Histogram(3);
    private final long start = System.nanoTime();
    private long failed;

    void add(Answer answer) {
        if (answer.isReply()) {
            times.recordValue(answer.time().toNanos());
        } else {
            failed++;
        }
    }

    long failed() {
        return failed;
    }

    void print(PoolStats pool, String threads, PrintStream out) {
        long sent = times.getTotalCount();
        row(out, "lines", sent + failed);
        row(out, "sent", sent);
        row(out, "failed", failed);
        row(out, "replies per second", Math.round(sent * 1e9 / (System.nanoTime() - start)));
        if (sent > 0) {
            out.printf(Locale.ROOT, "%-22s %9.2f ms%n", "latency p50", millis(50));
            out.printf(Locale.ROOT, "%-22s %9.2f ms%n", "latency p99", millis(99));
        }
        row(out, "connections created", pool.getCreated());
        row(out, "connections reused", pool.getReused());
        out.printf("%-22s %9s%n", "threads", threads);
    }

    private double millis(double percent) {
        return Duration.ofNanos(times.getValueAtPercentile(percent)).toNanos() / 1e6;
    }

    private static void row(PrintStream out, String name, long value) {
        out.printf(Locale.ROOT, "%-22s %,9d%n", name, value);
    }
}
