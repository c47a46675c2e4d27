package dev.wspool.java;

import dev.wspool.Endpoint;
import dev.wspool.KeyedPoolGroup;
import dev.wspool.internal.java.Groups;
import dev.wspool.internal.java.Lender;
import dev.wspool.transport.Connector;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Lends WebSocket connections by key: each key has an endpoint and a pool of its own, which is made when it is first asked for, and goes
 * when it has held no connection for some time.
 *
 * <pre>{@code
 * var tenants = JavaKeyedPoolGroup.create((String tenant) -> new Endpoint("wss://" + tenant + ".example.com"), c -> c.maxPools(100));
 * String reply = tenants.at("acme").withConnection(lease -> { lease.send("hello"); return lease.receiveText(Duration.ofSeconds(1)); });
 * }</pre>
 *
 * @param <K> equal to itself later, as any key of a map.
 */
public final class JavaKeyedPoolGroup<K> implements JavaGroupView {
    private final KeyedPoolGroup<K> group;

    private JavaKeyedPoolGroup(KeyedPoolGroup<K> group) {
        this.group = group;
    }

    /**
     * Makes a group with the connector that is on the class path, and owns that connector.
     *
     * @param endpointOf the endpoint of a key; asked when its pool is made.
     * @param configure its settings.
     * @param <K> the keys.
     * @return a new group.
     */
    public static <K> JavaKeyedPoolGroup<K> create(
            Function<K, Endpoint> endpointOf, Consumer<? super JavaGroupBuilder> configure) {
        return wrap(Groups.keyed(endpointOf, b -> configure.accept(new JavaGroupBuilder(b))));
    }

    /**
     * Makes a group on a connector of the caller's, which stays the caller's to close.
     *
     * @param connector opens the connections.
     * @param endpointOf the endpoint of a key; asked when its pool is made.
     * @param configure its settings.
     * @param <K> the keys.
     * @return a new group.
     */
    public static <K> JavaKeyedPoolGroup<K> of(
            Connector connector, Function<K, Endpoint> endpointOf, Consumer<? super JavaGroupBuilder> configure) {
        return wrap(Groups.keyed(connector, endpointOf, b -> configure.accept(new JavaGroupBuilder(b))));
    }

    /**
     * Shows a group that Kotlin has made to Java. It is the same group: closing this closes it.
     *
     * @param group Kotlin's.
     * @param <K> the keys.
     * @return the same, for Java.
     */
    public static <K> JavaKeyedPoolGroup<K> wrap(KeyedPoolGroup<K> group) {
        return new JavaKeyedPoolGroup<>(group);
    }

    /**
     * The connections of one key. Its calls throw a {@link dev.wspool.TooManyWaitersException} also where {@code maxPools} keys are in use.
     *
     * @param key whose.
     * @return lends them; makes nothing before it is asked for one.
     */
    public JavaLender at(K key) {
        return new OfKey(Lender.of(group, Objects.requireNonNull(key, "key")));
    }

    private static final class OfKey extends JavaLender {
        OfKey(Lender lender) {
            super(lender);
        }
    }

    /**
     * The keys that have a pool now.
     *
     * @return a copy.
     */
    public Set<K> getKeys() {
        return group.getKeys();
    }

    @Override
    public KeyedPoolGroup<K> unwrap() {
        return group;
    }

    /** The name of the group. */
    @Override
    public String toString() {
        return group.toString();
    }
}
