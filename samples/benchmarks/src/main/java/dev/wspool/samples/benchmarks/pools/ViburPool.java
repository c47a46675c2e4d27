package dev.wspool.samples.benchmarks.pools;

import java.util.concurrent.TimeUnit;
import org.vibur.objectpool.ConcurrentPool;
import org.vibur.objectpool.PoolObjectFactory;
import org.vibur.objectpool.util.ConcurrentLinkedDequeCollection;

/** vibur-object-pool: a semaphore and a concurrent deque, with the listener off. */
final class ViburPool extends BlockingLender<Object> {
    private final ConcurrentPool<Object> pool;

    ViburPool(int connections, boolean fair) {
        pool = new ConcurrentPool<>(
                new ConcurrentLinkedDequeCollection<>(), new Factory(), connections, connections, fair);
    }

    @Override
    Object borrow() {
        return pool.take();
    }

    @Override
    Object borrowWithin(int seconds) {
        return pool.tryTake(seconds, TimeUnit.SECONDS);
    }

    @Override
    void giveBack(Object connection) {
        pool.restore(connection);
    }

    @Override
    public void close() throws Exception {
        super.close();
        pool.close();
    }

    private static final class Factory implements PoolObjectFactory<Object> {
        @Override
        public Object create() {
            return new Object();
        }

        @Override
        public boolean readyToTake(Object connection) {
            return true;
        }

        @Override
        public boolean readyToRestore(Object connection) {
            return true;
        }

        @Override
        public void destroy(Object connection) {}
    }
}
