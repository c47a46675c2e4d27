package dev.wspool.samples.java;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads for callers who block: a virtual one for each on a JDK of 21 or newer, else a bounded number of the platform's. */
final class CallerThreads implements AutoCloseable {
    private final ExecutorService threads;
    private final String kind;

    private CallerThreads(ExecutorService threads, String kind) {
        this.threads = threads;
        this.kind = kind;
    }

    static CallerThreads start(int callers) {
        try {
            // By its name, as this is compiled for Java 17.
            Object virtual =
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
            return new CallerThreads((ExecutorService) virtual, "virtual");
        } catch (ReflectiveOperationException older) {
            return new CallerThreads(Executors.newFixedThreadPool(callers), "platform");
        }
    }

    <T> Future<T> submit(Callable<T> task) {
        return threads.submit(task);
    }

    String kind() {
        return kind;
    }

    @Override
    public void close() {
        threads.shutdownNow(); // by interrupts, which the pool's calls heed
    }
}
