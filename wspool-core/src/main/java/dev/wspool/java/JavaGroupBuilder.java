package dev.wspool.java;

import dev.wspool.Balancer;
import dev.wspool.Ejection;
import dev.wspool.Endpoint;
import dev.wspool.GroupConfig;
import dev.wspool.internal.java.Groups;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a group can be told. What makes no sense is an {@link IllegalArgumentException} that names the setting and its value. */
public final class JavaGroupBuilder {
    private final GroupConfig.Builder builder;

    JavaGroupBuilder(GroupConfig.Builder builder) {
        this.builder = builder;
    }

    /**
     * What errors and logs call the group. Default: {@code group}.
     *
     * @param value not blank.
     * @return the builder.
     */
    public JavaGroupBuilder name(String value) {
        builder.setName(value);
        return this;
    }

    /**
     * How many connections may exist at once, to all endpoints together. Default: 100.
     *
     * @param count at least 1.
     * @return the builder.
     */
    public JavaGroupBuilder maxConnections(int count) {
        builder.setMaxConnections(count);
        return this;
    }

    /**
     * How many callers may wait at once. Default: no limit.
     *
     * @param count at least 0.
     * @return the builder.
     */
    public JavaGroupBuilder maxWaiting(int count) {
        builder.setMaxWaiting(count);
        return this;
    }

    /**
     * How long a borrow waits for a connection. Default: 5 s.
     *
     * @param span not negative.
     * @return the builder.
     */
    public JavaGroupBuilder borrowTimeout(Duration span) {
        Groups.borrowTimeout(builder, JavaTimes.nanos(span));
        return this;
    }

    /**
     * How many connections may be being opened at once, to all endpoints together. Default: 8.
     *
     * @param count at least 1.
     * @return the builder.
     */
    public JavaGroupBuilder maxConcurrentConnects(int count) {
        builder.setMaxConcurrentConnects(count);
        return this;
    }

    /**
     * How many dials may be made in a second, to all endpoints together. Default: 100.
     *
     * @param count positive.
     * @return the builder.
     */
    public JavaGroupBuilder maxConnectsPerSecond(double count) {
        builder.setMaxConnectsPerSecond(count);
        return this;
    }

    /**
     * Which endpoint serves whom. Default: the least leased.
     *
     * @param value such as {@code Balancer.RoundRobin.INSTANCE}, or one of your own.
     * @return the builder.
     */
    public JavaGroupBuilder balancer(Balancer value) {
        builder.setBalancer(value);
        return this;
    }

    /**
     * When an endpoint that fails is taken out of service. Default: after 5 failures within 30 s.
     *
     * @param value see {@link JavaPolicies#ejection}; null for never.
     * @return the builder.
     */
    public JavaGroupBuilder ejection(@Nullable Ejection value) {
        builder.setEjection(value);
        return this;
    }

    /**
     * A caller waits for a dial alone no longer than this; then another endpoint is dialled for him too. Default: 1 s.
     *
     * @param span positive.
     * @return the builder.
     */
    public JavaGroupBuilder connectPatience(Duration span) {
        Groups.connectPatience(builder, JavaTimes.nanos(span));
        return this;
    }

    /**
     * How long the leases of an endpoint that was removed may go on. Default: 30 s.
     *
     * @param span not negative.
     * @return the builder.
     */
    public JavaGroupBuilder removalTimeout(Duration span) {
        Groups.removalTimeout(builder, JavaTimes.nanos(span));
        return this;
    }

    /**
     * How many pools a {@link JavaKeyedPoolGroup} may hold. Default: 1,000.
     *
     * @param count at least 1.
     * @return the builder.
     */
    public JavaGroupBuilder maxPools(int count) {
        builder.setMaxPools(count);
        return this;
    }

    /**
     * How long a pool of a {@link JavaKeyedPoolGroup} may hold no connection before it goes. Default: 1 min.
     *
     * @param span positive.
     * @return the builder.
     */
    public JavaGroupBuilder maxEmptyTime(Duration span) {
        Groups.maxEmptyTime(builder, JavaTimes.nanos(span));
        return this;
    }

    /**
     * What all pools have in common: each endpoint has one.
     *
     * @param configure called at once.
     * @return the builder.
     */
    public JavaGroupBuilder pools(Consumer<? super JavaPoolBuilder> configure) {
        Groups.pools(builder, b -> configure.accept(new JavaPoolBuilder(b)));
        return this;
    }

    /**
     * What one pool has on top of {@link #pools}: asked once for each endpoint. It cannot set how to connect.
     *
     * @param configure called when the pool of the endpoint is made.
     * @return the builder.
     */
    public JavaGroupBuilder each(BiConsumer<? super JavaPoolBuilder, ? super Endpoint> configure) {
        Groups.each(builder, (b, endpoint) -> configure.accept(new JavaPoolBuilder(b), endpoint));
        return this;
    }
}
