package dev.wspool.java;

import dev.wspool.AnyPoolGroup;
import dev.wspool.GroupConfig;
import dev.wspool.GroupStats;
import dev.wspool.PoolEvent;
import dev.wspool.PoolHealth;
import dev.wspool.PoolReport;
import dev.wspool.internal.java.Groups;
import dev.wspool.internal.java.Listening;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What there is to say of a group, and how it ends: of a {@link JavaPoolGroup} and of a {@link JavaKeyedPoolGroup}. */
public interface JavaGroupView extends AutoCloseable {
    /**
     * The group as Kotlin has it.
     *
     * @return the same group.
     */
    AnyPoolGroup unwrap();

    /**
     * What errors and logs call this group.
     *
     * @return its name.
     */
    default String getName() {
        return unwrap().getName();
    }

    /**
     * What it was told.
     *
     * @return its settings.
     */
    default GroupConfig getConfig() {
        return unwrap().getConfig();
    }

    /**
     * A snapshot of what it holds and has done.
     *
     * @return numbers that fit each other.
     */
    default GroupStats getStats() {
        return unwrap().getStats();
    }

    /**
     * Whether callers are served, and if not, why.
     *
     * @return for a readiness probe.
     */
    default PoolHealth health() {
        return unwrap().health();
    }

    /**
     * All that there is to say of each endpoint's pool.
     *
     * @return one report for each.
     */
    default List<PoolReport> reports() {
        return unwrap().reports();
    }

    /**
     * Tells a listener what happens to endpoints and connections, in order, until it is closed or the group has ended. It is told on the
     * group's executor, one event at a time; one who falls behind by more than 1,024 misses the oldest.
     *
     * @param listener may block.
     * @return close it to end the listening.
     */
    default Registration onEvent(Consumer<? super PoolEvent> listener) {
        Listening<PoolEvent> listening = Groups.events(unwrap(), new ConsumerSink<>(listener));
        listening.request(Long.MAX_VALUE);
        listening.start();
        return listening::cancel;
    }

    /**
     * Changes settings while the group runs, of all pools too.
     *
     * @param change what changes; the rest stays.
     * @throws IllegalArgumentException where a setting makes no sense, or cannot be changed. Nothing is changed then.
     */
    default void reconfigure(Consumer<? super JavaGroupBuilder> change) {
        Groups.reconfigure(unwrap(), b -> change.accept(new JavaGroupBuilder(b)));
    }

    /** Closes all idle connections now. Those that {@code minIdle} asks for are opened anew. */
    default void evictIdle() {
        unwrap().evictIdle();
    }

    /** Lends no connection again that is there now. */
    default void reset() {
        unwrap().reset();
    }

    /** As {@link #reset}, and for connections that are being opened too. */
    default void rotateCredentials() {
        unwrap().rotateCredentials();
    }

    /** Neither dials nor lends until {@link #resume}; callers wait, each to his deadline. */
    default void pause() {
        unwrap().pause();
    }

    /** Ends a {@link #pause}, and forgives what had failed. */
    default void resume() {
        unwrap().resume();
    }

    /**
     * Lends no more, serves who is waiting already, waits for all leases to come back, and closes; after {@code timeout} it closes what is
     * left. Returns when the last socket is closed.
     *
     * @param timeout for the leases.
     * @throws IllegalArgumentException where {@code timeout} is negative.
     * @throws InterruptedException where the thread is interrupted; the group goes on draining.
     */
    default void drain(Duration timeout) throws InterruptedException {
        Groups.drain(unwrap(), JavaTimes.nanos(timeout)).await();
    }

    /**
     * As {@link #drain}, without blocking. Cancelled, it leaves the group draining.
     *
     * @param timeout for the leases.
     * @return completed when the last socket is closed.
     */
    default CompletableFuture<@Nullable Void> drainAsync(Duration timeout) {
        return Groups.drain(unwrap(), JavaTimes.nanos(timeout)).done();
    }

    /** Closes all pools: callers who wait fail, leases end. Returns at once, harmless when called again. */
    @Override
    default void close() {
        unwrap().close();
    }

    /**
     * Waits until the group is closed and its last socket with it.
     *
     * @throws InterruptedException where the thread is interrupted; it changes nothing.
     */
    default void awaitClosed() throws InterruptedException {
        Groups.awaitClosed(unwrap()).await();
    }

    /**
     * As {@link #awaitClosed}, without blocking.
     *
     * @return completed when the last socket is closed.
     */
    default CompletableFuture<@Nullable Void> awaitClosedAsync() {
        return Groups.awaitClosed(unwrap()).done();
    }
}
