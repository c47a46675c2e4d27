package dev.wspool.java;

import dev.wspool.AdaptiveCapacity;
import dev.wspool.Backoff;
import dev.wspool.Correlator;
import dev.wspool.Diagnostics;
import dev.wspool.FullReceiveBuffer;
import dev.wspool.NetworkSignal;
import dev.wspool.PoolConfig;
import dev.wspool.UnreadMessages;
import dev.wspool.UnsolicitedMessages;
import dev.wspool.internal.java.Hooks;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a pool can be told. Each setting has a default that is right for most, and adapts to those that were given. They are checked when
 * the pool is made: what makes no sense is an {@link IllegalArgumentException} that names the setting and its value.
 */
public final class JavaPoolBuilder extends JavaTimeSettings<JavaPoolBuilder> {
    private final PoolConfig.Builder builder;

    JavaPoolBuilder(PoolConfig.Builder builder) {
        super(builder);
        this.builder = builder;
    }

    /**
     * What errors and logs call the pool. Default: its endpoint's address.
     *
     * @param value not blank; null for the default.
     * @return the builder.
     */
    public JavaPoolBuilder name(@Nullable String value) {
        builder.setName(value);
        return this;
    }

    /**
     * How many connections may exist at once: connecting, idle, leased and closing together. Default: 10.
     *
     * @param count at least 1.
     * @return the builder.
     */
    public JavaPoolBuilder maxConnections(int count) {
        builder.setMaxConnections(count);
        return this;
    }

    /**
     * How many idle connections the pool keeps ready, within {@code maxConnections}. Default: 0.
     *
     * @param count at least 0.
     * @return the builder.
     */
    public JavaPoolBuilder minIdle(int count) {
        builder.setMinIdle(count);
        return this;
    }

    /**
     * Lets the pool find out how many connections it needs; then {@code maxConnections} is not to be set. Default: none.
     *
     * @param value null for none; {@link JavaPolicies#adaptiveCapacity} makes one.
     * @return the builder.
     */
    public JavaPoolBuilder adaptiveCapacity(@Nullable AdaptiveCapacity value) {
        builder.setAdaptiveCapacity(value);
        return this;
    }

    /**
     * How many connections may lie idle; of those beyond it the longest idle is closed. Default: {@code maxConnections}.
     *
     * @param value at least {@code minIdle}; null for the default.
     * @return the builder.
     */
    public JavaPoolBuilder maxIdle(@Nullable Integer value) {
        builder.setMaxIdle(value);
        return this;
    }

    /**
     * How many callers may wait at once; one more gets a {@code TooManyWaitersException}. Default: no limit.
     *
     * @param count at least 0.
     * @return the builder.
     */
    public JavaPoolBuilder maxWaiting(int count) {
        builder.setMaxWaiting(count);
        return this;
    }

    /**
     * How many callers may share a connection; more than one takes a {@link #correlator}. Default: 1.
     *
     * @param count at least 1.
     * @return the builder.
     */
    public JavaPoolBuilder leasesPerConnection(int count) {
        builder.setLeasesPerConnection(count);
        return this;
    }

    /**
     * Tells whose a reply is, so that connections can be shared, and a request that was given up spoils none. Default: none.
     *
     * @param value asked about each message.
     * @return the builder.
     */
    public JavaPoolBuilder correlator(Correlator value) {
        builder.setCorrelator(value);
        return this;
    }

    /**
     * How many connections may be being opened at once. Default: 4.
     *
     * @param count at least 1.
     * @return the builder.
     */
    public JavaPoolBuilder maxConcurrentConnects(int count) {
        builder.setMaxConcurrentConnects(count);
        return this;
    }

    /**
     * How many dials may be made in a second, on the average; a second's worth may be made at once. Default: 50.
     *
     * @param value above 0.
     * @return the builder.
     */
    public JavaPoolBuilder maxConnectsPerSecond(double value) {
        builder.setMaxConnectsPerSecond(value);
        return this;
    }

    /**
     * How long to wait after failed dials. Default: up to 0.5 s, doubling to 30 s.
     *
     * @param value {@link JavaPolicies#backoff} makes one.
     * @return the builder.
     */
    public JavaPoolBuilder backoff(Backoff value) {
        builder.setBackoff(value);
        return this;
    }

    /**
     * Which part of {@code maxLifetime} chance may take off, so that lives do not end together: 0 to 1. Default: 0.1.
     *
     * @param value from 0 to 1.
     * @return the builder.
     */
    public JavaPoolBuilder lifetimeJitter(double value) {
        builder.setLifetimeJitter(value);
        return this;
    }

    /**
     * How often a connection is lent before it is closed. Default: no limit.
     *
     * @param count at least 1.
     * @return the builder.
     */
    public JavaPoolBuilder maxUses(int count) {
        builder.setMaxUses(count);
        return this;
    }

    /**
     * How many messages may lie unread on a connection, beside those that the engine has in hand. Default: 64.
     *
     * @param count at least 1.
     * @return the builder.
     */
    public JavaPoolBuilder receiveBuffer(int count) {
        builder.setReceiveBuffer(count);
        return this;
    }

    /**
     * What happens where {@code receiveBuffer} is full. Default: reading stops, and TCP holds the peer back.
     *
     * @param value what to do.
     * @return the builder.
     */
    public JavaPoolBuilder fullReceiveBuffer(FullReceiveBuffer value) {
        builder.setFullReceiveBuffer(value);
        return this;
    }

    /**
     * What becomes of a connection that is given back with messages unread. Default: it is closed.
     *
     * @param value a constant, or of {@link JavaPolicies#drain}.
     * @return the builder.
     */
    public JavaPoolBuilder unreadMessages(UnreadMessages value) {
        builder.setUnreadMessages(value);
        return this;
    }

    /**
     * What becomes of a connection to which a message comes while nobody holds it. Default: it is closed.
     *
     * @param value a constant, or of {@link JavaPolicies#handle}.
     * @return the builder.
     */
    public JavaPoolBuilder unsolicitedMessages(UnsolicitedMessages value) {
        builder.setUnsolicitedMessages(value);
        return this;
    }

    /**
     * What the pool watches of its borrowers: times, sites, leaks. Default: nothing.
     *
     * @param value {@link JavaDiagnostics} makes one.
     * @return the builder.
     */
    public JavaPoolBuilder diagnostics(Diagnostics value) {
        builder.setDiagnostics(value);
        return this;
    }

    /**
     * Tells the pool when there is a network and which, and when the app is in the background. Default: none; all is well.
     *
     * @param signal {@link JavaNetworkSignal} makes one; null for none.
     * @return the builder.
     */
    public JavaPoolBuilder network(@Nullable NetworkSignal signal) {
        builder.setNetwork(signal);
        return this;
    }

    /**
     * Whose completion, in whatever way, closes the pool. Default: nobody's.
     *
     * @param parent as a future that the application completes when it ends.
     * @return the builder.
     */
    public JavaPoolBuilder parent(CompletionStage<?> parent) {
        Hooks.parent(builder, parent);
        return this;
    }

    /**
     * Where the pool runs what it does, its connector's coroutines and the completion of futures. It must not be confined to a thread
     * that anybody blocks, nor run tasks on the thread that brings them. Default: threads of the library's, which come when there is
     * something to do, and go after ten idle seconds.
     *
     * @param executor the caller's to shut down, after the pool; null for the default.
     * @return the builder.
     */
    public JavaPoolBuilder executor(@Nullable Executor executor) {
        Hooks.executor(builder, executor);
        return this;
    }

    /**
     * What the pool measures time with. For tests. Default: {@link System#nanoTime}.
     *
     * @param nanos never goes back.
     * @return the builder.
     */
    public JavaPoolBuilder timeSource(LongSupplier nanos) {
        Hooks.timeSource(builder, nanos);
        return this;
    }

    /**
     * Where chance comes from, for the jitter of delays, pings and lifetimes. For tests. Default: Kotlin's.
     *
     * @param random safe for use by several threads.
     * @return the builder.
     */
    public JavaPoolBuilder random(Random random) {
        Hooks.random(builder, random);
        return this;
    }

    @Override
    JavaPoolBuilder self() {
        return this;
    }
}
