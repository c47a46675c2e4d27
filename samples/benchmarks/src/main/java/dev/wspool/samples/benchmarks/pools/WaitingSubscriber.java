package dev.wspool.samples.benchmarks.pools;

import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.pool.PooledRef;

/** Waits for a connection, and keeps the one that it gets, until it is cancelled. */
final class WaitingSubscriber implements CoreSubscriber<PooledRef<Object>> {
    private Subscription subscription;

    void cancel() {
        subscription.cancel();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        this.subscription = subscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(PooledRef<Object> connection) {}

    @Override
    public void onError(Throwable failure) {
        throw new IllegalStateException(failure);
    }

    @Override
    public void onComplete() {}
}
