package dev.wspool.java;

import dev.wspool.Discovery;
import dev.wspool.Endpoint;
import dev.wspool.PoolGroup;
import dev.wspool.WarmUpReport;
import dev.wspool.internal.java.Groups;
import dev.wspool.internal.java.Lender;
import dev.wspool.transport.Connector;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

    /**
     * Whether a caller need not expect to be kept waiting.
     *
     * @return true where an endpoint serves, and its pool is ready.
     */
    public boolean isReady() {
        return group.isReady();
    }

    /**
     * Waits until the group {@link #isReady}.
     *
     * @throws dev.wspool.PoolClosedException where the group is closed before.
     * @throws InterruptedException where the thread is interrupted; it changes nothing.
     */
    public void awaitReady() throws InterruptedException {
        Groups.awaitReady(group).await();
    }

    /**
     * As {@link #awaitReady}, without blocking.
     *
     * @return completed when the group is ready.
     */
    public CompletableFuture<@Nullable Void> awaitReadyAsync() {
        return Groups.awaitReady(group).done();
    }

    /**
     * Opens connections until so many to each endpoint that is known now, and not ejected, are there, or its {@code maxConnections}, or
     * all that the group may have. Each dial is made once: where one fails, the report names the cause and fewer are ready.
     *
     * @param countOfEach at least 1.
     * @return what it came to, of all together.
     * @throws dev.wspool.PoolClosedException where the group is closed before all are there.
     * @throws InterruptedException where the thread is interrupted; what was opened, and what is being opened, is left to the group.
     */
    public WarmUpReport warmUp(int countOfEach) throws InterruptedException {
        return Groups.warmUp(group, countOfEach).await();
    }

    /**
     * As {@link #warmUp}, without blocking.
     *
     * @param countOfEach at least 1.
     * @return what it came to, of all together.
     */
    public CompletableFuture<WarmUpReport> warmUpAsync(int countOfEach) {
        return Groups.warmUp(group, countOfEach).future();
    }

    /** The name of the group. */
    @Override
    public String toString() {
        return group.toString();
    }
}
