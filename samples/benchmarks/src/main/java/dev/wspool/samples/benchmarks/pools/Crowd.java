package dev.wspool.samples.benchmarks.pools;

/** Callers of one pool. Each does what {@link #next} says, until that is nothing. */
public abstract class Crowd {
    private final int callers;
    private final Hold hold;

    Crowd(int callers, Hold hold) {
        this.callers = callers;
        this.hold = hold;
    }

    public final int callers() {
        return callers;
    }

    /** What each caller does while it has a connection. */
    public final Hold hold() {
        return hold;
    }

    /** How many cycles the caller is to do next; 0 when it is to end. It has done all that it was told before. */
    public abstract int next(int caller);
}
