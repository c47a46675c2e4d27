package dev.wspool.java;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/** An executor whose tasks the test runs one by one, until it sets them free. */
final class Steps implements Executor {
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private volatile boolean isFree;

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (isFree) ForkJoinPool.commonPool().execute(this::step);
    }

    /** Runs the next; false where there is none. */
    boolean step() {
        Runnable task = tasks.poll();
        if (task != null) task.run();
        return task != null;
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** From now on they run as they come. */
    void free() {
        isFree = true;
        boolean more = true;
        while (more) more = step();
    }
}
