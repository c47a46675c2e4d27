package dev.wspool.samples.benchmarks.pools;

import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** Runs what is next when a release has completed. Used again and again. */
final class Released implements CoreSubscriber<Void> {
    private final Runnable next;

    Released(Runnable next) {
        this.next = next;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Void nothing) {}

    @Override
    public void onError(Throwable failure) {
        throw new IllegalStateException(failure);
    }

    @Override
    public void onComplete() {
        next.run();
    }
}
