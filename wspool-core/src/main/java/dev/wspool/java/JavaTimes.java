package dev.wspool.java;

import dev.wspool.AdaptiveCapacity;
import dev.wspool.Backoff;
import dev.wspool.CloseAction;
import dev.wspool.ClosedConnection;
import dev.wspool.ConnectionReport;
import dev.wspool.FailureReport;
import dev.wspool.LeaseReport;
import dev.wspool.PoolEvent;
import dev.wspool.RoundTripStats;
import dev.wspool.TimeStats;
import dev.wspool.UnreadMessages;
import dev.wspool.WaiterReport;
import dev.wspool.internal.java.Spans;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The spans of value types as {@link Duration}s.
 *
 * <p>They are read here, and not by accessors of those types, because {@code java.time} is not on Android before API 26: the types of
 * {@code dev.wspool} have no member that is not there, and only who uses this package needs it.
 */
public final class JavaTimes {
    /** A timeout that never passes, and what a span without end reads as. */
    public static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    private JavaTimes() {}

    /**
     * Of what a pool has measured: all times together.
     *
     * @param stats of {@code PoolStats}.
     * @return zero where there were none.
     */
    public static Duration total(TimeStats stats) {
        return of(Spans.total(stats));
    }

    /**
     * Of what a pool has measured: the longest.
     *
     * @param stats of {@code PoolStats}.
     * @return zero where there were none.
     */
    public static Duration max(TimeStats stats) {
        return of(Spans.max(stats));
    }

    /**
     * Of what a pool has measured: what half of them did not exceed.
     *
     * @param stats of {@code PoolStats}.
     * @return zero where there were none.
     */
    public static Duration p50(TimeStats stats) {
        return of(Spans.p50(stats));
    }

    /**
     * Of what a pool has measured: what 99 of a hundred did not exceed.
     *
     * @param stats of {@code PoolStats}.
     * @return zero where there were none.
     */
    public static Duration p99(TimeStats stats) {
        return of(Spans.p99(stats));
    }

    /**
     * For how long a lease is out.
     *
     * @param lease of {@code PoolReport.getLeases()}.
     * @return understated by a second at most, unless borrows are watched.
     */
    public static Duration heldFor(LeaseReport lease) {
        return of(Spans.heldFor(lease));
    }

    /**
     * For how long a lease was out when it was found to have leaked.
     *
     * @param leak the event.
     * @return until it was found.
     */
    public static Duration heldFor(PoolEvent.LeaseLeaked leak) {
        return of(Spans.heldFor(leak));
    }

    /**
     * For how long a lease was out when it was suspected to have leaked.
     *
     * @param leak the event.
     * @return until it was suspected.
     */
    public static Duration heldFor(PoolEvent.LeakSuspected leak) {
        return of(Spans.heldFor(leak));
    }

    /**
     * For how long a caller has waited.
     *
     * @param waiter of {@code PoolReport.getWaiting()}.
     * @return null where he waits for ever, and nobody has looked at the clock for him.
     */
    public static @Nullable Duration waitedFor(WaiterReport waiter) {
        return orNull(Spans.waitedFor(waiter));
    }

    /**
     * For how long a connection has been open.
     *
     * @param connection of {@code PoolReport.getConnections()}.
     * @return zero before.
     */
    public static Duration age(ConnectionReport connection) {
        return of(Spans.age(connection));
    }

    /**
     * For how long a connection has been in its state.
     *
     * @param connection of {@code PoolReport.getConnections()}.
     * @return understated by a second at most.
     */
    public static Duration since(ConnectionReport connection) {
        return of(Spans.since(connection));
    }

    /**
     * How long the last pong of a connection took.
     *
     * @param connection of {@code PoolReport.getConnections()}.
     * @return null where none has come.
     */
    public static @Nullable Duration roundTrip(ConnectionReport connection) {
        return orNull(Spans.roundTrip(connection));
    }

    /**
     * How long ago a dial failed.
     *
     * @param failure of {@code PoolReport.getFailures()}.
     * @return until the report was made.
     */
    public static Duration ago(FailureReport failure) {
        return of(Spans.ago(failure));
    }

    /**
     * The last round trip.
     *
     * @param stats of {@code PoolStats.getRoundTrips()}.
     * @return zero where there was none.
     */
    public static Duration last(RoundTripStats stats) {
        return of(Spans.last(stats));
    }

    /**
     * A mean of the round trips in which a new one has a weight of an eighth.
     *
     * @param stats of {@code PoolStats.getRoundTrips()}.
     * @return zero where there was none.
     */
    public static Duration smoothed(RoundTripStats stats) {
        return of(Spans.smoothed(stats));
    }

    /**
     * The time that a part of the round trips did not exceed: a power of two in microseconds, so at most double.
     *
     * @param stats of {@code PoolStats.getRoundTrips()}.
     * @param quantile the part, from 0 to 1.
     * @return zero where there was none.
     * @throws IllegalArgumentException where {@code quantile} is not from 0 to 1.
     */
    public static Duration quantile(RoundTripStats stats, double quantile) {
        return of(Spans.quantile(stats, quantile));
    }

    /**
     * How long a connection was open.
     *
     * @param connection as {@code onClose} is given it.
     * @return from its opening to its end.
     */
    public static Duration openTime(ClosedConnection connection) {
        return of(Spans.openTime(connection));
    }

    /**
     * For how long the machine slept.
     *
     * @param event told by the pool.
     * @return what the pool did not see.
     */
    public static Duration by(PoolEvent.TimeJumped event) {
        return of(Spans.by(event));
    }

    /**
     * The longest wait after the first failure.
     *
     * @param backoff a setting.
     * @return as it was given.
     */
    public static Duration initial(Backoff backoff) {
        return of(Spans.initial(backoff));
    }

    /**
     * The longest wait after any failure.
     *
     * @param backoff a setting.
     * @return as it was given.
     */
    public static Duration max(Backoff backoff) {
        return of(Spans.max(backoff));
    }

    /**
     * The shortest time between two dials.
     *
     * @param capacity a setting.
     * @return as it was given.
     */
    public static Duration minInterval(AdaptiveCapacity capacity) {
        return of(Spans.minInterval(capacity));
    }

    /**
     * The longest time between two dials.
     *
     * @param capacity a setting.
     * @return as it was given.
     */
    public static Duration maxInterval(AdaptiveCapacity capacity) {
        return of(Spans.maxInterval(capacity));
    }

    /**
     * The shortest span without dials.
     *
     * @param action what a close code means.
     * @return as it was given.
     */
    public static Duration from(CloseAction.Wait action) {
        return of(Spans.from(action));
    }

    /**
     * The longest span without dials.
     *
     * @param action what a close code means.
     * @return as it was given.
     */
    public static Duration to(CloseAction.Wait action) {
        return of(Spans.to(action));
    }

    /**
     * For how long unread messages are read.
     *
     * @param policy a setting.
     * @return as it was given.
     */
    public static Duration maxTime(UnreadMessages.Drain policy) {
        return of(Spans.maxTime(policy));
    }

    static Duration of(long nanos) {
        return nanos == Long.MAX_VALUE ? FOREVER : Duration.ofNanos(nanos);
    }

    private static @Nullable Duration orNull(@Nullable Long nanos) {
        return nanos == null ? null : of(nanos);
    }

    /** What is too long for nanoseconds is for ever, or, negative, as long as can be: refused like any other. */
    static long nanos(Duration span) {
        try {
            return span.toNanos();
        } catch (ArithmeticException tooLong) {
            return span.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    static @Nullable Long nanosOrNull(@Nullable Duration span) {
        return span == null ? null : (Long) nanos(span);
    }
}
