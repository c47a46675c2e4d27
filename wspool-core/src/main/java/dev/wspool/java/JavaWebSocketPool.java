package dev.wspool.java;

import dev.wspool.Endpoint;
import dev.wspool.WebSocketPool;
import dev.wspool.internal.java.Pools;
import dev.wspool.transport.Connector;
import java.util.function.Consumer;

/**
 * Lends WebSocket connections to one endpoint, first come, first served.
 *
 * <pre>{@code
 * try (var pool = JavaWebSocketPool.create("ws://localhost:8080/ws", c -> c.maxConnections(16))) {
 *     String reply = pool.withConnection(lease -> { lease.send("hello"); return lease.receiveText(Duration.ofSeconds(1)); });
 * }
 * }</pre>
 *
 * <p>Connections are opened when callers need them, kept for the next, and replaced when they end. Whatever is interrupted or cancelled,
 * and whenever: no connection is lost, and none is lent that its last user left half-used.
 *
 * <p>Blocking calls park their thread and hold no monitor meanwhile, so a virtual thread leaves its carrier. Futures are completed on the
 * pool's executor ({@link JavaPoolBuilder#executor}), never on the thread of whoever gives a connection back, nor on an engine's;
 * a call that need not wait returns a future that is complete. {@code cancel}, {@code orTimeout} and whatever else completes a future
 * first cancels its call, as long as it is that future and not one that was derived from it, as by {@code thenApply}.
 *
 * <p>All functions may be called from any thread.
 */
public final class JavaWebSocketPool extends JavaLendingPool {
    private JavaWebSocketPool(WebSocketPool pool) {
        super(pool);
    }

    // ---- making
    // ---------------------------------------------------------------------------------------------------------

    /**
     * As {@link #create(String, Consumer)}, with the defaults.
     *
     * @param url {@code ws} or {@code wss}.
     * @return a new pool.
     */
    public static JavaWebSocketPool create(String url) {
        return create(url, c -> {});
    }

    /**
     * Makes a pool with the connector that is on the class path (wspool-ktor brings one), and owns that connector.
     *
     * @param url {@code ws} or {@code wss}.
     * @param configure its settings.
     * @return a new pool.
     * @throws IllegalArgumentException where the URL or a setting makes no sense.
     * @throws IllegalStateException where no connector is on the class path.
     */
    public static JavaWebSocketPool create(String url, Consumer<? super JavaPoolBuilder> configure) {
        return create(new Endpoint(url), configure);
    }

    /**
     * As {@link #create(String, Consumer)}, for an endpoint with headers or subprotocols.
     *
     * @param endpoint where to connect to.
     * @param configure its settings.
     * @return a new pool.
     */
    public static JavaWebSocketPool create(Endpoint endpoint, Consumer<? super JavaPoolBuilder> configure) {
        return wrap(Pools.create(endpoint, b -> configure.accept(new JavaPoolBuilder(b))));
    }

    /**
     * Makes a pool on a connector of the caller's, which stays the caller's to close.
     *
     * @param connector opens the connections.
     * @param endpoint where to connect to.
     * @param configure its settings.
     * @return a new pool.
     * @throws IllegalArgumentException where a setting makes no sense.
     */
    public static JavaWebSocketPool of(
            Connector connector, Endpoint endpoint, Consumer<? super JavaPoolBuilder> configure) {
        return wrap(Pools.of(connector, endpoint, b -> configure.accept(new JavaPoolBuilder(b))));
    }

    /**
     * Shows a pool that Kotlin has made to Java. It is the same pool: closing this closes it.
     *
     * @param pool Kotlin's.
     * @return the same, for Java.
     */
    public static JavaWebSocketPool wrap(WebSocketPool pool) {
        return new JavaWebSocketPool(pool);
    }

    /**
     * The pool as Kotlin has it.
     *
     * @return the same pool.
     */
    public WebSocketPool unwrap() {
        return pool;
    }
}
