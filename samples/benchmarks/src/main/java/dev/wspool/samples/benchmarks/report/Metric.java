package dev.wspool.samples.benchmarks.report;

import java.util.function.ToDoubleFunction;

/** What of a result is looked at, and which way it is better. */
record Metric(ToDoubleFunction<Result> value, boolean moreIsBetter) {
    static final Metric TIME = new Metric(Result::score, false);
    static final Metric THROUGHPUT = new Metric(Result::score, true);
    static final Metric CPU = cost("cpu.time.norm");
    static final Metric BYTES = cost("gc.alloc.rate.norm");

    static final Metric SWITCHES = cost("switches.norm");

    static Metric cost(String counter) {
        return new Metric(it -> it.counter(counter), false);
    }

    static Metric gain(String counter) {
        return new Metric(it -> it.counter(counter), true);
    }

    double of(Result result) {
        return value.applyAsDouble(result);
    }

    /** Above 1 where {@code base} is better. */
    double ratio(Result rival, Result base) {
        return moreIsBetter ? of(base) / of(rival) : of(rival) / of(base);
    }

    /** A key to sort by: the best has the least. */
    double rank(Result result) {
        return moreIsBetter ? -of(result) : of(result);
    }
}
