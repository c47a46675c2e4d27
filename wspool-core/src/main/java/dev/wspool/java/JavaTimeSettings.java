package dev.wspool.java;

import dev.wspool.PoolConfig;
import dev.wspool.internal.java.TimeSetting;
import java.time.Duration;

/**
 * How long things may take or last.
 *
 * @param <B> the builder.
 */
public abstract class JavaTimeSettings<B extends JavaTimeSettings<B>> extends JavaHookSettings<B> {
    private final PoolConfig.Builder builder;

    JavaTimeSettings(PoolConfig.Builder builder) {
        super(builder);
        this.builder = builder;
    }

    /**
     * How long a borrow waits for a connection before it fails with a {@code BorrowTimeoutException}. Default: 5 s.
     *
     * @param span not negative; {@link JavaTimes#FOREVER} for no end.
     * @return the builder.
     */
    public B borrowTimeout(Duration span) {
        return set(TimeSetting.BORROW_TIMEOUT, span);
    }

    /**
     * How long opening one connection may take: TCP, TLS, upgrade and {@code onConnect} together. Default: 10 s.
     *
     * @param span above zero; {@link JavaTimes#FOREVER} for no end.
     * @return the builder.
     */
    public B connectTimeout(Duration span) {
        return set(TimeSetting.CONNECT_TIMEOUT, span);
    }

    /**
     * How long a connection may lie idle before it is closed, as long as {@code minIdle} remain. Default: 5 min.
     *
     * @param span above zero; {@link JavaTimes#FOREVER} for no end.
     * @return the builder.
     */
    public B maxIdleTime(Duration span) {
        return set(TimeSetting.MAX_IDLE_TIME, span);
    }

    /**
     * How long a connection lives at most; its successor is opened first where there is room. Default: 30 min.
     *
     * @param span above zero; {@link JavaTimes#FOREVER} for no end.
     * @return the builder.
     */
    public B maxLifetime(Duration span) {
        return set(TimeSetting.MAX_LIFETIME, span);
    }

    /**
     * How much of its life a connection must have left to be lent. Default: none.
     *
     * @param span not negative; {@link JavaTimes#FOREVER} for no end.
     * @return the builder.
     */
    public B minRemainingLifetime(Duration span) {
        return set(TimeSetting.MIN_REMAINING_LIFETIME, span);
    }

    /**
     * A connection that has been silent for so long is pinged, idle or leased; infinite for never. Default: 20 s.
     *
     * @param span above zero; {@link JavaTimes#FOREVER} for no end.
     * @return the builder.
     */
    public B pingInterval(Duration span) {
        return set(TimeSetting.PING_INTERVAL, span);
    }

    /**
     * How long a pinged connection may stay silent before it counts as dead and is aborted. Default: 5 s.
     *
     * @param span above zero; {@link JavaTimes#FOREVER} for no end.
     * @return the builder.
     */
    public B pongTimeout(Duration span) {
        return set(TimeSetting.PONG_TIMEOUT, span);
    }

    /**
     * A connection that has been idle and silent for so long is pinged before it is lent. Default: infinite, never.
     *
     * @param span not negative; {@link JavaTimes#FOREVER} for no end.
     * @return the builder.
     */
    public B validateAfterIdle(Duration span) {
        return set(TimeSetting.VALIDATE_AFTER_IDLE, span);
    }

    /**
     * How long the pong of {@code validateAfterIdle} may take, within the caller's own timeout. Default: 1 s.
     *
     * @param span above zero; {@link JavaTimes#FOREVER} for no end.
     * @return the builder.
     */
    public B validateTimeout(Duration span) {
        return set(TimeSetting.VALIDATE_TIMEOUT, span);
    }

    /**
     * How long sending one message may take; then the send fails and the connection is lost. Default: no limit.
     *
     * @param span above zero; {@link JavaTimes#FOREVER} for no end.
     * @return the builder.
     */
    public B sendTimeout(Duration span) {
        return set(TimeSetting.SEND_TIMEOUT, span);
    }

    /**
     * How long a peer may take to answer a Close before the connection is aborted. Default: 2 s.
     *
     * @param span not negative; {@link JavaTimes#FOREVER} for no end.
     * @return the builder.
     */
    public B closeTimeout(Duration span) {
        return set(TimeSetting.CLOSE_TIMEOUT, span);
    }

    /**
     * How long an engine may take to tell that the socket of an aborted connection is closed; then the connection counts as destroyed,
     * abandoned, and its place is free. Default: 5 s.
     *
     * @param span above zero; {@link JavaTimes#FOREVER} for no end.
     * @return the builder.
     */
    public B abortTimeout(Duration span) {
        return set(TimeSetting.ABORT_TIMEOUT, span);
    }

    private B set(TimeSetting setting, Duration span) {
        setting.set(builder, JavaTimes.nanos(span));
        return self();
    }
}
