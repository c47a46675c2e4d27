package dev.wspool.samples.benchmarks.pools;

import java.util.concurrent.Executors;

/** Pools for threads that block, with a virtual thread for each caller. */
public enum VirtualRival {
    WSPOOL(connections -> new JavaFacePool(connections, Executors.newVirtualThreadPerTaskExecutor())),
    COMMONS_POOL2(connections -> new CommonsPool(connections, false, Executors.newVirtualThreadPerTaskExecutor())),
    ARRAY_BLOCKING_QUEUE(connections -> new QueuePool(connections, false, Executors.newVirtualThreadPerTaskExecutor()));

    private final Opening opening;

    VirtualRival(Opening opening) {
        this.opening = opening;
    }

    Lender open(int connections) throws Exception {
        return opening.open(connections);
    }
}
