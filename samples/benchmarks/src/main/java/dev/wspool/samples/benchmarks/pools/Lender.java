package dev.wspool.samples.benchmarks.pools;

import org.openjdk.jmh.infra.Blackhole;

/**
 * A pool that is full of idle connections, and the callers whom it serves. A fork knows one kind of lender only, so every
 * call of it is monomorphic.
 */
public abstract class Lender implements AutoCloseable {
    /** The deadline of each borrow in {@link #cyclesWithin}, in seconds: it never passes. */
    public static final int DEADLINE = 1;

    /** Borrows and returns so often, one after another, on the calling thread. */
    abstract void cycles(int count, Blackhole blackhole) throws Exception;

    /** As {@link #cycles}, each borrow with a deadline of its own. */
    abstract void cyclesWithin(int count, Blackhole blackhole) throws Exception;

    /** Lets the whole crowd borrow and return, all at once, until it has had enough; returns when the last has returned. */
    abstract void serve(Crowd crowd) throws Exception;

    /** Lets so many callers wait for a connection; in vain, as all are taken. What it returns makes them give up. */
    Runnable enqueue(int callers) {
        throw new UnsupportedOperationException("Its callers are threads");
    }

    /** As {@link #enqueue}, but they wait for what is no pool. */
    Runnable enqueueElsewhere(int callers) {
        throw new UnsupportedOperationException("Its callers are threads");
    }

    @Override
    public void close() throws Exception {}
}
