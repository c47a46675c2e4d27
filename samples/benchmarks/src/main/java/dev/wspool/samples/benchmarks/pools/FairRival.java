package dev.wspool.samples.benchmarks.pools;

/** The rivals that can be told to serve first come, first served, and are not by default. */
public enum FairRival {
    COMMONS_POOL2(connections -> new CommonsPool(connections, true)),
    VIBUR(connections -> new ViburPool(connections, true)),
    ARRAY_BLOCKING_QUEUE(connections -> new QueuePool(connections, true));

    private final Opening opening;

    FairRival(Opening opening) {
        this.opening = opening;
    }

    Lender open(int connections) throws Exception {
        return opening.open(connections);
    }
}
