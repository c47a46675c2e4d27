package dev.wspool.samples.benchmarks.pools;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.pool.PooledRef;

/**
 * One caller of a crowd. It acquires again when its release has completed; in a loop where that was within the acquire, as the
 * stack would not do. Where nothing is held, callers run on whatever thread the pool delivers on, which may be one for all.
 */
final class CrowdSubscriber implements CoreSubscriber<PooledRef<Object>>, Runnable {
    private final Crowd crowd;
    private final int caller;
    private final Mono<PooledRef<Object>> acquire;
    private final Scheduler.Worker worker;
    private final CountDownLatch present;
    private final Runnable holding = this::hold;
    private final Released released = new Released(this);
    private final AtomicInteger due = new AtomicInteger();
    private int left;
    private PooledRef<Object> connection;

    CrowdSubscriber(
            Crowd crowd, int caller, Mono<PooledRef<Object>> acquire, Scheduler.Worker worker, CountDownLatch present) {
        this.crowd = crowd;
        this.caller = caller;
        this.acquire = acquire;
        this.worker = worker;
        this.present = present;
    }

    /** The next cycle is due. */
    @Override
    public void run() {
        if (due.getAndIncrement() > 0) return;
        do {
            if (left == 0) left = crowd.next(caller);
            if (left == 0) {
                worker.dispose();
                present.countDown();
                return;
            }
            left--;
            acquire.subscribe(this);
        } while (due.decrementAndGet() > 0);
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(PooledRef<Object> connection) {
        this.connection = connection;
        if (crowd.hold().yields()) {
            worker.schedule(holding);
        } else {
            hold();
        }
    }

    private void hold() {
        crowd.hold().work();
        connection.release().subscribe(released);
    }

    @Override
    public void onError(Throwable failure) {
        throw new IllegalStateException(failure);
    }

    @Override
    public void onComplete() {}
}
