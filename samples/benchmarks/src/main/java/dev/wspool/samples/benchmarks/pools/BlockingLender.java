package dev.wspool.samples.benchmarks.pools;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.openjdk.jmh.infra.Blackhole;

/** A pool whose callers are threads: of the platform, which stay from one crowd to the next, unless it is given others. */
abstract class BlockingLender<T> extends Lender {
    private final ExecutorService threads;

    BlockingLender() {
        this(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "caller");
            thread.setDaemon(true);
            return thread;
        }));
    }

    BlockingLender(ExecutorService threads) {
        this.threads = threads;
    }

    abstract T borrow() throws Exception;

    abstract T borrowWithin(int seconds) throws Exception;

    abstract void giveBack(T connection) throws Exception;

    @Override
    final void cycles(int count, Blackhole blackhole) throws Exception {
        for (int i = 0; i < count; i++) {
            T connection = borrow();
            try {
                blackhole.consume(connection);
            } finally {
                giveBack(connection);
            }
        }
    }

    @Override
    final void cyclesWithin(int count, Blackhole blackhole) throws Exception {
        for (int i = 0; i < count; i++) {
            T connection = borrowWithin(DEADLINE);
            try {
                blackhole.consume(connection);
            } finally {
                giveBack(connection);
            }
        }
    }

    @Override
    final void serve(Crowd crowd) throws Exception {
        List<Callable<Void>> callers = new ArrayList<>();
        for (int i = 0; i < crowd.callers(); i++) {
            int caller = i;
            callers.add(() -> visit(crowd, caller));
        }
        for (Future<Void> caller : threads.invokeAll(callers)) caller.get();
    }

    private Void visit(Crowd crowd, int caller) throws Exception {
        Hold hold = crowd.hold();
        for (int count = crowd.next(caller); count > 0; count = crowd.next(caller)) {
            for (int i = 0; i < count; i++) {
                T connection = borrow();
                try {
                    if (hold.yields()) Thread.yield();
                    hold.work();
                } finally {
                    giveBack(connection);
                }
            }
        }
        return null;
    }

    @Override
    public void close() throws Exception {
        threads.shutdownNow();
    }
}
