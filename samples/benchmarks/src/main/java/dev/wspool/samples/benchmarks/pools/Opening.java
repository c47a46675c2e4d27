package dev.wspool.samples.benchmarks.pools;

/** Makes a pool of so many connections, all of them idle. */
@FunctionalInterface
interface Opening {
    Lender open(int connections) throws Exception;
}
