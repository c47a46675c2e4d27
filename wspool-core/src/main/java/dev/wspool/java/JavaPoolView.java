package dev.wspool.java;

import dev.wspool.Endpoint;
import dev.wspool.PoolEvent;
import dev.wspool.PoolHealth;
import dev.wspool.PoolReport;
import dev.wspool.PoolStats;
import dev.wspool.WebSocketPool;
import dev.wspool.internal.java.Listening;
import dev.wspool.internal.java.PoolCalls;
import java.time.Duration;
import java.util.function.Consumer;

/** The part of a {@link JavaWebSocketPool} that tells what it is and does. */
public abstract class JavaPoolView extends JavaRequester {
    JavaPoolView(WebSocketPool pool) {
        super(pool);
    }

    // ------------------------------------------------------------------------------------------------------

    /**
     * What errors and logs call this pool.
     *
     * @return its name.
     */
    public String getName() {
        return pool.getName();
    }

    /**
     * Where it connects to.
     *
     * @return its endpoint.
     */
    public Endpoint getEndpoint() {
        return pool.getEndpoint();
    }

    /**
     * What it was told.
     *
     * @return its settings now.
     */
    public JavaPoolConfig getConfig() {
        return new JavaPoolConfig(pool.getConfig());
    }

    /**
     * A snapshot of what it holds and has done; borrowers pay nothing for it.
     *
     * @return numbers that fit each other.
     */
    public PoolStats getStats() {
        return pool.getStats();
    }

    /**
     * All that there is to say of it now: each connection, lease and caller who waits, and what keeps him waiting.
     *
     * @return for people as its text, for programs as its JSON.
     */
    public PoolReport getReport() {
        return pool.report();
    }

    /**
     * Tells whether callers are served, and if not, why: for a readiness probe.
     *
     * @return up, degraded or down.
     */
    public PoolHealth getHealth() {
        return pool.health();
    }

    /** Counts a failure of the application's own: {@link PoolStats#getErrors()}. */
    public void recordError() {
        pool.recordError();
    }

    /** Sets {@link PoolStats#getErrors()} to zero. */
    public void resetErrors() {
        pool.resetErrors();
    }

    /** Logs {@link #getStats()}, in one line, as INFO. */
    public void logStatus() {
        pool.logStatus();
    }

    /**
     * How many connections there may be now: {@code maxConnections}, or what an adaptive capacity has found.
     *
     * @return the number.
     */
    public int getCapacity() {
        return pool.getCapacity();
    }

    /**
     * The time between two dials, on the average, that the pool keeps now.
     *
     * @return zero where it does not.
     */
    public Duration getConnectInterval() {
        return JavaTimes.of(PoolCalls.connectInterval(pool));
    }

    /**
     * Tells whether a caller need not expect to be kept waiting.
     *
     * @return true where {@code minIdle} connections are there, and the last dial went well.
     */
    public boolean isReady() {
        return pool.isReady();
    }

    /**
     * Tells a listener what happens to connections, in order, until it is closed or the pool has ended. It is told on the pool's executor,
     * one event at a time; where it falls behind by more than 1,024 it misses the oldest. One that throws is told no more, and
     * {@code onBackgroundError} of what it threw.
     *
     * @param listener may block.
     * @return closes it.
     */
    public Registration onEvent(Consumer<? super PoolEvent> listener) {
        return begin(PoolCalls.events(pool, new ConsumerSink<>(listener)));
    }

    /**
     * Gives a listener a snapshot at once and then one every so often, until it is closed; otherwise as {@link #onEvent}.
     *
     * @param every the time between two.
     * @param listener may block.
     * @return closes it.
     * @throws IllegalArgumentException where {@code every} is not positive.
     */
    public Registration onStats(Duration every, Consumer<? super PoolStats> listener) {
        return begin(PoolCalls.stats(pool, requirePositive(every), new ConsumerSink<>(listener)));
    }

    private static Registration begin(Listening<?> listening) {
        listening.request(Long.MAX_VALUE);
        listening.start();
        return listening::cancel;
    }

    static long requirePositive(Duration every) {
        if (every.isNegative() || every.isZero()) {
            throw new IllegalArgumentException("every must be positive, not " + every);
        }
        return JavaTimes.nanos(every);
    }
}
