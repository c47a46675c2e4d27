package dev.wspool.java;

import dev.wspool.Message;

/**
 * What {@link JavaLease#forEachMessage} does with each message.
 *
 * @param <X> the checked exception that it throws; where it throws none, the compiler takes {@link RuntimeException}.
 */
@FunctionalInterface
public interface MessageConsumer<X extends Exception> {
    /**
     * Takes a message.
     *
     * @param message the next.
     * @throws X as it likes: it ends {@code forEachMessage}, and reaches its caller as it is.
     * @throws InterruptedException where something in it was interrupted; likewise.
     */
    void accept(Message message) throws X, InterruptedException;
}
