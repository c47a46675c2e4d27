package dev.wspool.samples.benchmarks.pools;

import org.openjdk.jmh.infra.Blackhole;

/** A pool whose callers are coroutines. One that is alone runs on the calling thread; a crowd runs on Dispatchers.Default. */
final class SuspendingLender extends Lender {
    private final SuspendingPool pool;
    private final Caller caller = new Caller();

    SuspendingLender(SuspendingPool pool) {
        this.pool = pool;
    }

    @Override
    void cycles(int count, Blackhole blackhole) {
        caller.await(pool.cycles(count, blackhole, caller));
    }

    @Override
    void cyclesWithin(int count, Blackhole blackhole) {
        caller.await(pool.cyclesWithin(count, blackhole, caller));
    }

    @Override
    void serve(Crowd crowd) {
        pool.serve(crowd);
    }

    @Override
    Runnable enqueue(int callers) {
        return pool.enqueue(callers);
    }

    @Override
    Runnable enqueueElsewhere(int callers) {
        return Elsewhere.INSTANCE.enqueue(callers);
    }

    @Override
    public void close() {
        pool.close();
    }
}
