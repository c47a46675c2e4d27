package dev.wspool.java;

import dev.wspool.Discovery;
import dev.wspool.Endpoint;
import dev.wspool.PoolGroup;
import dev.wspool.internal.java.Groups;
import dev.wspool.internal.java.Lender;
import dev.wspool.transport.Connector;
import java.util.List;
import java.util.function.Consumer;

/**
 * Lends WebSocket connections to several endpoints of which each can serve every caller: whichever has one first serves who has waited
 * longest. As a {@link JavaWebSocketPool}.
 *
 * <pre>{@code
 * try (var group = JavaPoolGroup.create(List.of("ws://a:8080/ws", "ws://b:8080/ws"), c -> c.maxConnections(64))) {
 *     String reply = group.withConnection(lease -> { lease.send("hello"); return lease.receiveText(Duration.ofSeconds(1)); });
 * }
 * }</pre>
 */
public final class JavaPoolGroup extends JavaLender implements JavaGroupView {
    private final PoolGroup group;

    private JavaPoolGroup(PoolGroup group) {
        super(Lender.of(group));
        this.group = group;
    }

    /**
     * Makes a group with the connector that is on the class path, and owns that connector.
     *
     * @param urls {@code ws} or {@code wss}, at least one.
     * @param configure its settings.
     * @return a new group.
     * @throws IllegalArgumentException where a URL or a setting makes no sense.
     * @throws IllegalStateException where no connector is on the class path.
     */
    public static JavaPoolGroup create(List<String> urls, Consumer<? super JavaGroupBuilder> configure) {
        return create(JavaDiscovery.fixed(urls.stream().map(Endpoint::new).toArray(Endpoint[]::new)), configure);
    }

    /**
     * Makes a group for what a discovery finds, as that changes: what is new is connected to, what is gone is drained.
     *
     * @param discovery see {@link JavaDiscovery}.
     * @param configure its settings.
     * @return a new group.
     */
    public static JavaPoolGroup create(Discovery discovery, Consumer<? super JavaGroupBuilder> configure) {
        return wrap(Groups.create(discovery, b -> configure.accept(new JavaGroupBuilder(b))));
    }

    /**
     * Makes a group on a connector of the caller's, which stays the caller's to close.
     *
     * @param connector opens the connections.
     * @param discovery which endpoints there are.
     * @param configure its settings.
     * @return a new group.
     */
    public static JavaPoolGroup of(
            Connector connector, Discovery discovery, Consumer<? super JavaGroupBuilder> configure) {
        return wrap(Groups.of(connector, discovery, b -> configure.accept(new JavaGroupBuilder(b))));
    }

    /**
     * Shows a group that Kotlin has made to Java. It is the same group: closing this closes it.
     *
     * @param group Kotlin's.
     * @return the same, for Java.
     */
    public static JavaPoolGroup wrap(PoolGroup group) {
        return new JavaPoolGroup(group);
    }

    @Override
    public PoolGroup unwrap() {
        return group;
    }

    /** The name of the group. */
    @Override
    public String toString() {
        return group.toString();
    }
}
