package dev.wspool.java;

/**
 * A block of {@link JavaWebSocketPool#useConnection}, which returns nothing.
 *
 * @param <X> the checked exception that it throws; where it throws none, the compiler takes {@link RuntimeException}.
 */
@FunctionalInterface
public interface LeaseConsumer<X extends Exception> {
    /**
     * Uses a connection.
     *
     * @param lease the caller's alone until this returns.
     * @throws X as the block likes: it reaches the caller as it is, and the connection is closed.
     * @throws InterruptedException where a call of the lease was interrupted.
     */
    void accept(JavaLease lease) throws X, InterruptedException;
}
