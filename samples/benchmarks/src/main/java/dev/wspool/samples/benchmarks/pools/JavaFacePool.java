package dev.wspool.samples.benchmarks.pools;

import dev.wspool.Endpoint;
import dev.wspool.java.JavaLease;
import dev.wspool.java.JavaTimes;
import dev.wspool.java.JavaWebSocketPool;
import java.time.Duration;
import java.util.concurrent.ExecutorService;

/** wspool's Java face with its default policies, all connections open, without a network below it. */
final class JavaFacePool extends BlockingLender<JavaLease> {
    private static final Duration WITHIN = Duration.ofSeconds(DEADLINE);

    private final JavaWebSocketPool pool;

    JavaFacePool(int connections, ExecutorService callers) throws InterruptedException {
        super(callers);
        pool = JavaWebSocketPool.of(
                BareConnector.INSTANCE,
                new Endpoint("ws://localhost/"),
                c -> c.maxConnections(connections)
                        .minIdle(connections)
                        .maxConnectsPerSecond(1e6) // of a server that would mind there is none
                        .borrowTimeout(JavaTimes.FOREVER));
        pool.warmUp(connections);
    }

    @Override
    JavaLease borrow() throws InterruptedException {
        return pool.borrow();
    }

    @Override
    JavaLease borrowWithin(int seconds) throws InterruptedException {
        return pool.borrow(WITHIN);
    }

    @Override
    void giveBack(JavaLease connection) {
        connection.release();
    }

    @Override
    public void close() throws Exception {
        super.close();
        pool.close();
        pool.awaitClosed();
    }
}
