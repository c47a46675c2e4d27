package dev.wspool.samples.benchmarks.pools;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.openjdk.jmh.infra.Blackhole;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.pool.InstrumentedPool;
import reactor.pool.PoolBuilder;
import reactor.pool.PooledRef;

/**
 * reactor-pool as it comes: neither evicts nor records metrics, and delivers on whatever thread returns. Its callers are
 * subscribers written by hand, used again for each cycle, instead of operators: {@code withPoolable} alone costs more than the
 * pool. Where they hold across a yield, each goes to a worker of its own of the parallel scheduler, as publishOn would send it.
 */
final class ReactorLender extends Lender {
    private final InstrumentedPool<Object> pool;
    private final Mono<PooledRef<Object>> acquire;
    private final Mono<PooledRef<Object>> acquireWithin;

    ReactorLender(int connections) {
        pool = PoolBuilder.from(Mono.fromSupplier(Object::new))
                .sizeBetween(connections, connections)
                .buildPool();
        pool.warmup().block();
        acquire = pool.acquire();
        acquireWithin = pool.acquire(Duration.ofSeconds(DEADLINE));
    }

    @Override
    void cycles(int count, Blackhole blackhole) {
        cycles(acquire, count, blackhole);
    }

    @Override
    void cyclesWithin(int count, Blackhole blackhole) {
        cycles(acquireWithin, count, blackhole);
    }

    /** An idle connection is delivered, and a release completed, while it is subscribed to. */
    private static void cycles(Mono<PooledRef<Object>> acquire, int count, Blackhole blackhole) {
        LoneSubscriber caller = new LoneSubscriber(blackhole);
        for (int i = 0; i < count; i++) acquire.subscribe(caller);
        if (caller.cycles() != count) throw new IllegalStateException(caller.cycles() + " cycles, not " + count);
    }

    @Override
    void serve(Crowd crowd) throws InterruptedException {
        CountDownLatch present = new CountDownLatch(crowd.callers());
        for (int i = 0; i < crowd.callers(); i++) {
            Scheduler.Worker worker = Schedulers.parallel().createWorker();
            worker.schedule(new CrowdSubscriber(crowd, i, acquire, worker, present));
        }
        present.await();
    }

    @Override
    Runnable enqueue(int callers) {
        return enqueue(acquire, callers);
    }

    @Override
    Runnable enqueueElsewhere(int callers) {
        return enqueue(Mono.never(), callers);
    }

    private static Runnable enqueue(Mono<PooledRef<Object>> acquire, int callers) {
        WaitingSubscriber[] all = new WaitingSubscriber[callers];
        for (int i = 0; i < callers; i++) acquire.subscribe(all[i] = new WaitingSubscriber());
        return () -> {
            for (WaitingSubscriber caller : all) caller.cancel();
        };
    }

    @Override
    public void close() {
        pool.dispose();
    }
}
