package dev.wspool.java;

import org.jspecify.annotations.Nullable;

/**
 * A block of {@link JavaWebSocketPool#withConnection}, which returns something.
 *
 * @param <T> what it returns.
 * @param <X> the checked exception that it throws; where it throws none, the compiler takes {@link RuntimeException}.
 */
@FunctionalInterface
public interface LeaseFunction<T extends @Nullable Object, X extends Exception> {
    /**
     * Uses a connection.
     *
     * @param lease the caller's alone until this returns.
     * @return what the caller of {@code withConnection} gets.
     * @throws X as the block likes: it reaches the caller as it is, and the connection is closed.
     * @throws InterruptedException where a call of the lease was interrupted.
     */
    T apply(JavaLease lease) throws X, InterruptedException;
}
