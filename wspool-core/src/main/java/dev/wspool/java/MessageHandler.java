package dev.wspool.java;

import dev.wspool.ConnectionId;
import dev.wspool.Message;

/** What becomes of a message that comes while nobody holds its connection; see {@link JavaPolicies#handle}. It may block. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Takes a message.
     *
     * @param id the connection that it came on.
     * @param message what came.
     * @throws Exception as it likes: {@code onBackgroundError} is told.
     */
    void handle(ConnectionId id, Message message) throws Exception;
}
