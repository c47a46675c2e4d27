package dev.wspool.samples.benchmarks.pools;

import org.openjdk.jmh.infra.Blackhole;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.pool.PooledRef;

/** Releases what it acquires, at once. Used again and again, by one thread. */
final class LoneSubscriber implements CoreSubscriber<PooledRef<Object>> {
    private final Blackhole blackhole;
    private int cycles;
    private final Released released = new Released(() -> cycles++);

    LoneSubscriber(Blackhole blackhole) {
        this.blackhole = blackhole;
    }

    int cycles() {
        return cycles;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(PooledRef<Object> connection) {
        blackhole.consume(connection.poolable());
        connection.release().subscribe(released);
    }

    @Override
    public void onError(Throwable failure) {
        throw new IllegalStateException(failure);
    }

    @Override
    public void onComplete() {}
}
