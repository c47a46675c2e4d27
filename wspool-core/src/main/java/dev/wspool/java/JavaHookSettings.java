package dev.wspool.java;

import dev.wspool.CloseAction;
import dev.wspool.CloseInfo;
import dev.wspool.ClosedConnection;
import dev.wspool.Endpoint;
import dev.wspool.Message;
import dev.wspool.PoolConfig;
import dev.wspool.internal.java.Hooks;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Code of yours that a pool calls. Hooks run on threads of their own, virtual ones where there are any, and block as they like within
 * their timeout; then they are interrupted. Where one throws or takes too long, the connection is closed, and {@code onBackgroundError}
 * is told where nobody else is. A dial does not wait for a hook that heeds no interrupt, as one that reads a {@code java.net.Socket} on a
 * thread of the platform; a borrower does wait for such an {@link #onBorrow}, and the connection's place for such an {@link #onReturn}.
 *
 * <p>In the life of a connection they come in this order: {@link #beforeConnect}, {@link #onConnect}, then for each lease
 * {@link #onBorrow} and {@link #onReturn}, and {@link #onClose} once. One that is not set costs nothing.
 *
 * @param <B> the builder.
 */
public abstract class JavaHookSettings<B extends JavaHookSettings<B>> extends JavaTransportSettings<B> {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final PoolConfig.Builder builder;

    JavaHookSettings(PoolConfig.Builder builder) {
        super(builder);
        this.builder = builder;
    }

    /**
     * Asked before each dial where, and with which headers, to connect to: the one provider of one-time URLs and of credentials. Within
     * {@code connectTimeout}.
     *
     * @param hook given the pool's own endpoint.
     * @return the builder.
     */
    public B beforeConnect(JavaHook<Endpoint, Endpoint> hook) {
        Hooks.beforeConnect(builder, hook::call);
        return self();
    }

    /**
     * Called with each new connection, for the application's own handshake: log in, subscribe, read a greeting. The connection can be
     * lent only after it; its lease ends with it. Within {@code connectTimeout}.
     *
     * @param hook the handshake.
     * @return the builder.
     */
    public B onConnect(JavaListener<JavaNewConnection> hook) {
        return onConnect(JavaTimes.FOREVER, hook);
    }

    /**
     * As {@link #onConnect(JavaListener)}.
     *
     * @param timeout how long it may take, within {@code connectTimeout}.
     * @param hook the handshake.
     * @return the builder.
     */
    public B onConnect(Duration timeout, JavaListener<JavaNewConnection> hook) {
        Objects.requireNonNull(hook, "hook");
        Hooks.onConnect(builder, JavaTimes.nanos(timeout), lease -> {
            hook.call(new JavaNewConnection(lease));
            return null;
        });
        return self();
    }

    /**
     * Called before a connection is delivered to a borrower, within his own timeout, and for 5 s at most. Where it returns false, throws
     * or takes too long, the connection is closed and the borrower, first in the queue, gets another. With it {@code tryBorrow} throws.
     *
     * @param hook true for a connection that will do.
     * @return the builder.
     */
    public B onBorrow(JavaHook<JavaLease, Boolean> hook) {
        return onBorrow(TIMEOUT, hook);
    }

    /**
     * As {@link #onBorrow(JavaHook)}.
     *
     * @param timeout how long it may take.
     * @param hook true for a connection that will do.
     * @return the builder.
     */
    public B onBorrow(Duration timeout, JavaHook<JavaLease, Boolean> hook) {
        Objects.requireNonNull(hook, "hook");
        Hooks.onBorrow(builder, JavaTimes.nanos(timeout), lease -> hook.call(new JavaLease(lease)));
        return self();
    }

    /**
     * Called with a connection that was given back clean, after {@code release} has returned; it counts as leased until this returns,
     * for 5 s at most. Where it throws or takes too long the connection is closed.
     *
     * @param hook clears up.
     * @return the builder.
     */
    public B onReturn(JavaListener<JavaLease> hook) {
        return onReturn(TIMEOUT, hook);
    }

    /**
     * As {@link #onReturn(JavaListener)}.
     *
     * @param timeout how long it may take.
     * @param hook clears up.
     * @return the builder.
     */
    public B onReturn(Duration timeout, JavaListener<JavaLease> hook) {
        Objects.requireNonNull(hook, "hook");
        Hooks.onReturn(builder, JavaTimes.nanos(timeout), lease -> {
            hook.call(new JavaLease(lease));
            return null;
        });
        return self();
    }

    /**
     * Called when a connection has left the pool, for 5 s at most; {@link JavaTimes#openTime} reads how long it was open.
     *
     * @param hook told of it.
     * @return the builder.
     */
    public B onClose(JavaListener<ClosedConnection> hook) {
        return onClose(TIMEOUT, hook);
    }

    /**
     * As {@link #onClose(JavaListener)}.
     *
     * @param timeout how long it may take before it is interrupted.
     * @param hook told of it.
     * @return the builder.
     */
    public B onClose(Duration timeout, JavaListener<ClosedConnection> hook) {
        Objects.requireNonNull(hook, "hook");
        Hooks.onClose(builder, JavaTimes.nanos(timeout), connection -> {
            hook.call(connection);
            return null;
        });
        return self();
    }

    /**
     * Called with what failed where no caller is told: a hook, a handler of unsolicited messages, a dial ahead of demand. For 5 s at most.
     *
     * @param hook told of it.
     * @return the builder.
     */
    public B onBackgroundError(JavaListener<Throwable> hook) {
        return onBackgroundError(TIMEOUT, hook);
    }

    /**
     * As {@link #onBackgroundError(JavaListener)}.
     *
     * @param timeout how long it may take before it is interrupted.
     * @param hook told of it.
     * @return the builder.
     */
    public B onBackgroundError(Duration timeout, JavaListener<Throwable> hook) {
        Objects.requireNonNull(hook, "hook");
        Hooks.onBackgroundError(builder, JavaTimes.nanos(timeout), failure -> {
            hook.call(failure);
            return null;
        });
        return self();
    }

    /**
     * Tells what a close code means for the rest of the pool.
     *
     * @param action null leaves it to the defaults of {@link CloseAction}. Asked on the engine's thread: it returns at once.
     * @return the builder.
     */
    public B onCloseCode(Function<? super CloseInfo, ? extends @Nullable CloseAction> action) {
        builder.onCloseCode(action::apply);
        return self();
    }

    /**
     * Recognises a message by which the server says that it will close the connection: it is not lent again, its lease goes on, and a
     * successor is opened.
     *
     * @param predicate asked for each message on the engine's thread: it returns at once.
     * @return the builder.
     */
    public B goAwayWhen(Predicate<? super Message> predicate) {
        builder.goAwayWhen(predicate::test);
        return self();
    }

    /**
     * True for what a block of {@code withConnection} may throw without having left its connection half-used. An interrupt or a
     * cancellation always has. Default: nothing.
     *
     * @param predicate returns at once.
     * @return the builder.
     */
    public B reuseAfterFailure(Predicate<? super Throwable> predicate) {
        builder.reuseAfterFailure(predicate::test);
        return self();
    }
}
