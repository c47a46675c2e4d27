package dev.wspool.java;

import dev.wspool.WarmUpReport;
import dev.wspool.WebSocketPool;
import dev.wspool.internal.java.PoolCalls;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The part of a {@link JavaWebSocketPool}, and of a {@link JavaAcceptedPool}, that changes how it works, and ends it. */
public abstract class JavaLendingPool extends JavaPoolView implements AutoCloseable {
    JavaLendingPool(WebSocketPool pool) {
        super(pool);
    }

    // ---- sizing
    // ---------------------------------------------------------------------------------------------------------

    /**
     * Waits until the pool {@link #isReady}.
     *
     * @throws dev.wspool.PoolClosedException where the pool is closed before.
     * @throws InterruptedException where the thread is interrupted; it changes nothing.
     */
    public void awaitReady() throws InterruptedException {
        PoolCalls.awaitReady(pool).await();
    }

    /**
     * As {@link #awaitReady}, without blocking.
     *
     * @return completed when the pool is ready.
     */
    public CompletableFuture<@Nullable Void> awaitReadyAsync() {
        return PoolCalls.awaitReady(pool).done();
    }

    /**
     * Opens connections until {@code count} are there, idle or leased. Each dial is made once: where one fails, the report names the cause
     * and fewer are ready.
     *
     * @param count from 1 to {@code maxConnections}.
     * @return what it came to.
     * @throws dev.wspool.PoolClosedException where the pool is closed before all are there.
     * @throws InterruptedException where the thread is interrupted; what was opened, and what is being opened, is left to the pool.
     */
    public WarmUpReport warmUp(int count) throws InterruptedException {
        return PoolCalls.warmUp(pool, count).await();
    }

    /**
     * As {@link #warmUp}, without blocking.
     *
     * @param count from 1 to {@code maxConnections}.
     * @return what it came to.
     */
    public CompletableFuture<WarmUpReport> warmUpAsync(int count) {
        return PoolCalls.warmUp(pool, count).future();
    }

    /**
     * Changes settings while the pool runs; see {@link WebSocketPool#reconfigure}.
     *
     * @param change sets what is to change.
     * @throws IllegalArgumentException where a setting makes no sense, or cannot be changed. Nothing is changed then.
     */
    public void reconfigure(Consumer<? super JavaPoolBuilder> change) {
        PoolCalls.reconfigure(pool, b -> change.accept(new JavaPoolBuilder(b)));
    }

    /** Closes all idle connections now. Those that {@code minIdle} asks for are opened anew. */
    public void evictIdle() {
        pool.evictIdle();
    }

    /** Lends no connection again that is there now: idle ones are closed, leased ones when they come back. */
    public void reset() {
        pool.reset();
    }

    /**
     * As {@link #reset}, and for connections that are being opened too: whoever borrows from now on gets one that was opened with the
     * credentials that {@code beforeConnect} provides from now on.
     */
    public void rotateCredentials() {
        pool.rotateCredentials();
    }

    /** Neither dials nor lends until {@link #resume}; callers wait, each to his deadline. */
    public void pause() {
        pool.pause();
    }

    /** Ends a {@link #pause}, and forgives what had failed: the next dial is made at once. */
    public void resume() {
        pool.resume();
    }

    // ---- the end
    // --------------------------------------------------------------------------------------------------------

    /**
     * Lends no more, serves who is waiting already, waits for all leases to come back, and closes; after {@code timeout} it closes what is
     * left. Returns when the last socket is closed.
     *
     * @param timeout for the leases.
     * @throws IllegalArgumentException where {@code timeout} is negative.
     * @throws InterruptedException where the thread is interrupted; the pool goes on draining. On a thread that was interrupted before,
     * nothing is begun: {@link #drainAsync} begins all the same.
     */
    public void drain(Duration timeout) throws InterruptedException {
        PoolCalls.drain(pool, JavaTimes.nanos(timeout)).await();
    }

    /**
     * As {@link #drain}, without blocking. Cancelled, it leaves the pool draining.
     *
     * @param timeout for the leases.
     * @return completed when the last socket is closed.
     */
    public CompletableFuture<@Nullable Void> drainAsync(Duration timeout) {
        return PoolCalls.drain(pool, JavaTimes.nanos(timeout)).done();
    }

    /**
     * Closes the pool: callers who wait fail, leases end, connections are closed with 1001 and, where the peer does not answer, aborted.
     * Returns at once, harmless when called again. {@link #awaitClosed} waits for the end.
     */
    @Override
    public void close() {
        pool.close();
    }

    /**
     * Waits until the pool is closed and its last socket with it.
     *
     * @throws InterruptedException where the thread is interrupted; it changes nothing.
     */
    public void awaitClosed() throws InterruptedException {
        PoolCalls.awaitClosed(pool).await();
    }

    /**
     * As {@link #awaitClosed}, without blocking.
     *
     * @return completed when the last socket is closed.
     */
    public CompletableFuture<@Nullable Void> awaitClosedAsync() {
        return PoolCalls.awaitClosed(pool).done();
    }

    /** The name of the pool. */
    @Override
    public String toString() {
        return pool.toString();
    }
}
