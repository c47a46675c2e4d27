package dev.wspool.java;

import dev.wspool.Message;
import dev.wspool.PoolEvent;
import dev.wspool.PoolStats;
import dev.wspool.internal.java.LeaseCalls;
import dev.wspool.internal.java.LeaseRequest;
import dev.wspool.internal.java.PoolCalls;
import dev.wspool.internal.java.RequestCalls;
import java.time.Duration;
import java.util.concurrent.Flow;

/**
 * What comes one after another, as {@link Flow.Publisher}s. A class of its own, so that none of the others needs {@link Flow}, which is
 * not on Android before API 30.
 *
 * <p>Cold: each subscriber begins anew. Subscribers are told on the pool's executor, one call at a time. One who throws is told no more,
 * and {@code onBackgroundError}, or the log, of what he threw.
 */
public final class JavaPublishers {
    private JavaPublishers() {}

    /**
     * The messages of a lease as they come. Completes when the peer closes with 1000 or 1001, and fails with
     * {@link dev.wspool.ConnectionLostException} otherwise. For one subscriber at a time; what is not asked for, or cancelled before it
     * is there, is still there for the next receive. A subscription that waits for a message when it is cancelled leaves the lease dirty
     * until a receive succeeds.
     *
     * @param lease the caller's until the publisher is done.
     * @return its messages.
     */
    public static Flow.Publisher<Message> messages(JavaLease lease) {
        return subscriber ->
                FlowSubscription.<Message>begin(subscriber, sink -> LeaseCalls.messages(lease.lease, sink));
    }

    /**
     * What happens to a pool's connections, in order. A subscriber sees what comes after his first request; one who falls behind by more
     * than 1,024 events misses the oldest. Completes with the pool's end.
     *
     * @param pool the pool.
     * @return its events.
     */
    public static Flow.Publisher<PoolEvent> events(JavaWebSocketPool pool) {
        return subscriber -> FlowSubscription.<PoolEvent>begin(subscriber, sink -> PoolCalls.events(pool.pool, sink));
    }

    /**
     * A snapshot at once and then one every so often, until the subscription is cancelled.
     *
     * @param pool the pool.
     * @param every the time between two.
     * @return its stats.
     * @throws IllegalArgumentException where {@code every} is not positive.
     */
    public static Flow.Publisher<PoolStats> stats(JavaWebSocketPool pool, Duration every) {
        long nanos = JavaPoolView.requirePositive(every);
        return subscriber ->
                FlowSubscription.<PoolStats>begin(subscriber, sink -> PoolCalls.stats(pool.pool, nanos, sink));
    }

    /**
     * The messages that answer a request, up to and with the {@linkplain JavaRequest#lastIf last}; each subscription asks anew, when it
     * asks for its first message. Cancelled before the last, it gives the request up, as {@link JavaLease#request(JavaRequest)} does: the
     * lease ends, and the connection is closed.
     *
     * @param lease the caller's until the publisher is done.
     * @param request the question; its timeout is for each message.
     * @return its answers.
     */
    public static Flow.Publisher<Message> requestStream(JavaLease lease, JavaRequest request) {
        LeaseRequest question = request.toRequest();
        return subscriber ->
                FlowSubscription.<Message>begin(subscriber, sink -> RequestCalls.stream(lease.lease, question, sink));
    }

    /**
     * As {@link #requestStream(JavaLease, JavaRequest)}, on a connection that is borrowed for it, and given back as soon as the last
     * message has come.
     *
     * @param pool the pool.
     * @param request the question; its timeout is for each message, and for the first it is for the wait for a connection, too.
     * @return its answers.
     */
    public static Flow.Publisher<Message> requestStream(JavaWebSocketPool pool, JavaRequest request) {
        LeaseRequest question = request.toRequest();
        return subscriber ->
                FlowSubscription.<Message>begin(subscriber, sink -> RequestCalls.stream(pool.pool, question, sink));
    }
}
