package dev.wspool.samples.benchmarks.pools;

/** The pools that are compared. Built by a JDK 21 or newer there is one more: the same list is in src/main/java21. */
public enum Rival {
    WSPOOL(connections -> new SuspendingLender(new WspoolPool(connections))),
    CHANNEL(connections -> new SuspendingLender(new ChannelPool(connections))),
    SEMAPHORE(connections -> new SuspendingLender(new SemaphorePool(connections))),
    REACTOR_POOL(ReactorLender::new),
    COMMONS_POOL2(connections -> new CommonsPool(connections, false)),
    CONCURRENT_BAG(ConcurrentBagPool::new),
    VIBUR(connections -> new ViburPool(connections, false)),
    ARRAY_BLOCKING_QUEUE(connections -> new QueuePool(connections, false));

    private final Opening opening;

    Rival(Opening opening) {
        this.opening = opening;
    }

    Lender open(int connections) throws Exception {
        return opening.open(connections);
    }
}
