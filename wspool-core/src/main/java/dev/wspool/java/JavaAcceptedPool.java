package dev.wspool.java;

import dev.wspool.AcceptedConnection;
import dev.wspool.AcceptedPool;
import dev.wspool.BroadcastReport;
import dev.wspool.Message;
import dev.wspool.SlowReaders;
import dev.wspool.internal.java.AcceptedPools;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lends WebSocket connections that clients have opened: they connect and wait, and the server borrows them. As a {@link JavaWebSocketPool},
 * but that it never dials.
 *
 * <pre>{@code
 * try (var workers = JavaAcceptedPool.create(c -> c.maxConnections(100))) {
 *     // AcceptedRouteKt.webSocketPool(route, "/workers", workers.unwrap(), ...) of wspool-ktor lets clients in
 *     String answer = workers.withConnection(lease -> { lease.send("job 7"); return lease.receiveText(Duration.ofSeconds(1)); });
 * }
 * }</pre>
 *
 * <p>A borrow with a {@link JavaBorrowRequest#affinity} is for a connection of that owner and no other; with an {@link JavaBorrowRequest#id}
 * for that very connection.
 */
public final class JavaAcceptedPool extends JavaLendingPool {
    private final AcceptedPool accepted;

    private JavaAcceptedPool(AcceptedPool pool) {
        super(pool);
        accepted = pool;
    }

    /**
     * Makes a pool that clients connect to.
     *
     * @param configure its settings; those of dialling cannot be set, see {@link AcceptedPool}.
     * @return a new pool.
     * @throws IllegalArgumentException where a setting makes no sense.
     */
    public static JavaAcceptedPool create(Consumer<? super JavaPoolBuilder> configure) {
        return wrap(AcceptedPools.create(b -> configure.accept(new JavaPoolBuilder(b))));
    }

    /**
     * Shows a pool that Kotlin has made to Java. It is the same pool: closing this closes it.
     *
     * @param pool Kotlin's.
     * @return the same, for Java.
     */
    public static JavaAcceptedPool wrap(AcceptedPool pool) {
        return new JavaAcceptedPool(pool);
    }

    /**
     * The pool as Kotlin has it.
     *
     * @return the same pool.
     */
    public AcceptedPool unwrap() {
        return accepted;
    }

    /**
     * Sends a text to all connections, idle and leased; who reads slowly misses what comes meanwhile.
     *
     * @param text what to send.
     * @return what became of it.
     */
    public BroadcastReport broadcast(String text) {
        return broadcast(new Message.Text(text), new SlowReaders.Drop(), null);
    }

    /**
     * Sends a message to all connections, idle and leased, between the messages of who has them. Returns when each engine has taken it or
     * has made it wait.
     *
     * @param message what to send.
     * @param slowReaders what becomes of clients that read slowly.
     * @param filter tells who gets it; null for all. It must not block.
     * @return what became of it.
     */
    public BroadcastReport broadcast(
            Message message, SlowReaders slowReaders, @Nullable Predicate<? super AcceptedConnection> filter) {
        return AcceptedPools.broadcast(accepted, message, slowReaders, filter);
    }
}
