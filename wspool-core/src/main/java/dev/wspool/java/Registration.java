package dev.wspool.java;

/** A listener's place with a pool. */
@FunctionalInterface
public interface Registration extends AutoCloseable {
    /** The listener is told nothing any more, but for what he is being told at the moment. Harmless when called again. */
    @Override
    void close();
}
