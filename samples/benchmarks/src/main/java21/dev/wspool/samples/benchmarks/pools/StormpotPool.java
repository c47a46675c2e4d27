package dev.wspool.samples.benchmarks.pools;

import java.util.concurrent.TimeUnit;
import stormpot.Allocator;
import stormpot.BasePoolable;
import stormpot.Expiration;
import stormpot.Pool;
import stormpot.Slot;
import stormpot.Timeout;

/**
 * Stormpot with its allocator thread. Connections never expire, and neither they nor leaks are looked for in the background: as
 * it comes, it would read the clock at every claim. A thread finds the connection that it had last in a cache of its own. Its
 * claim always has a deadline, so "without" is an hour.
 */
final class StormpotPool extends BlockingLender<StormpotPool.Connection> {
    private static final Timeout NEVER = new Timeout(1, TimeUnit.HOURS);
    private static final Timeout WITHIN = new Timeout(DEADLINE, TimeUnit.SECONDS);

    private final Pool<Connection> pool;

    StormpotPool(int connections) throws InterruptedException {
        pool = Pool.fromThreaded(new ConnectionAllocator())
                .setSize(connections)
                .setExpiration(Expiration.never())
                .setBackgroundExpirationEnabled(false)
                .setPreciseLeakDetectionEnabled(false)
                .build();
        Connection[] all = new Connection[connections];
        for (int i = 0; i < connections; i++) all[i] = pool.claim(NEVER);
        for (Connection connection : all) connection.release();
    }

    @Override
    Connection borrow() throws InterruptedException {
        return pool.claim(NEVER);
    }

    @Override
    Connection borrowWithin(int seconds) throws InterruptedException {
        return pool.claim(WITHIN);
    }

    @Override
    void giveBack(Connection connection) {
        connection.release();
    }

    @Override
    public void close() throws Exception {
        super.close();
        pool.shutdown();
    }

    static final class Connection extends BasePoolable {
        Connection(Slot slot) {
            super(slot);
        }
    }

    private static final class ConnectionAllocator implements Allocator<Connection> {
        @Override
        public Connection allocate(Slot slot) {
            return new Connection(slot);
        }

        @Override
        public void deallocate(Connection connection) {}
    }
}
