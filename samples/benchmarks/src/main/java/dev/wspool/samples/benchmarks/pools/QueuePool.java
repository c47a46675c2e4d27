package dev.wspool.samples.benchmarks.pools;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** An ArrayBlockingQueue of connections: the least that a pool for threads can be. It replaces none that is lost. */
final class QueuePool extends BlockingLender<Object> {
    private final ArrayBlockingQueue<Object> queue;

    QueuePool(int connections, boolean fair) {
        queue = filled(connections, fair);
    }

    QueuePool(int connections, boolean fair, ExecutorService callers) {
        super(callers);
        queue = filled(connections, fair);
    }

    private static ArrayBlockingQueue<Object> filled(int connections, boolean fair) {
        ArrayBlockingQueue<Object> queue = new ArrayBlockingQueue<>(connections, fair);
        for (int i = 0; i < connections; i++) queue.add(new Object());
        return queue;
    }

    @Override
    Object borrow() throws InterruptedException {
        return queue.take();
    }

    @Override
    Object borrowWithin(int seconds) throws InterruptedException {
        return queue.poll(seconds, TimeUnit.SECONDS);
    }

    @Override
    void giveBack(Object connection) {
        queue.add(connection);
    }
}
