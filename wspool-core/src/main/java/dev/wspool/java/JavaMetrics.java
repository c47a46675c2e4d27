package dev.wspool.java;

import dev.wspool.micrometer.PoolGroupMetrics;
import dev.wspool.micrometer.WebSocketPoolMetrics;
import io.micrometer.core.instrument.Tag;

/** The numbers of a pool, or of a group, as Micrometer's meters; it takes Micrometer on the class path, which the library does not bring. */
public final class JavaMetrics {
    private JavaMetrics() {}

    /**
     * The meters of a pool, under {@code wspool.}, with the tags {@code pool} and {@code endpoint}. It has the pool measure the times of
     * borrows once it is bound.
     *
     * @param pool whose numbers they are; kept by its user.
     * @param tags put on each meter beside its own.
     * @return to be bound to a registry; its {@code close} takes the meters out of it.
     */
    public static WebSocketPoolMetrics of(JavaWebSocketPool pool, Iterable<Tag> tags) {
        return new WebSocketPoolMetrics(pool.pool, tags);
    }

    /**
     * The meters of a group, under {@code wspool.group.}, with the tag {@code group}: of all its endpoints together.
     *
     * @param group whose numbers they are; kept by its user.
     * @param tags put on each meter beside its own.
     * @return to be bound to a registry; its {@code close} takes the meters out of it.
     */
    public static PoolGroupMetrics of(JavaGroupView group, Iterable<Tag> tags) {
        return new PoolGroupMetrics(group.unwrap(), tags);
    }
}
