package dev.wspool.samples.benchmarks.pools;

import com.zaxxer.hikari.util.ConcurrentBag;
import com.zaxxer.hikari.util.ConcurrentBag.IConcurrentBagEntry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What HikariCP keeps its connections in, without the rest of HikariCP: neither proxies nor checks that a connection is alive.
 * A thread finds the connection that it had last in a list of its own. Its borrow always has a deadline, so "without" is an hour.
 */
final class ConcurrentBagPool extends BlockingLender<ConcurrentBagPool.Entry> {
    private final ConcurrentBag<Entry> bag = new ConcurrentBag<>(waiting -> {});

    ConcurrentBagPool(int connections) {
        for (int i = 0; i < connections; i++) bag.add(new Entry());
    }

    @Override
    Entry borrow() throws InterruptedException {
        return bag.borrow(1, TimeUnit.HOURS);
    }

    @Override
    Entry borrowWithin(int seconds) throws InterruptedException {
        return bag.borrow(seconds, TimeUnit.SECONDS);
    }

    @Override
    void giveBack(Entry connection) {
        bag.requite(connection);
    }

    /** As HikariCP's own: its state is a field that is updated atomically, and its 56 bytes bound what neighbours share. */
    static final class Entry extends AtomicInteger implements IConcurrentBagEntry {
        private static final long serialVersionUID = 1;

        long lastAccessed;
        long lastBorrowed;
        long references;
        long moreReferences;
        long flags;

        @Override
        public void setState(int state) {
            lazySet(state);
        }

        @Override
        public int getState() {
            return get();
        }
    }
}
