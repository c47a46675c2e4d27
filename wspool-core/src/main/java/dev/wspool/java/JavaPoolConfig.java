package dev.wspool.java;

import dev.wspool.Diagnostics;
import dev.wspool.FullReceiveBuffer;
import dev.wspool.NetworkSignal;
import dev.wspool.PoolConfig;
import dev.wspool.TransportConfig;
import dev.wspool.UnreadMessages;
import dev.wspool.UnsolicitedMessages;
import dev.wspool.internal.java.Hooks;
import dev.wspool.internal.java.TimeSetting;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The settings of a pool, checked and unchangeable; {@link JavaPoolBuilder} describes each. */
public final class JavaPoolConfig extends JavaPoolSizes {
    JavaPoolConfig(PoolConfig config) {
        super(config);
    }

    /**
     * See {@link JavaPoolBuilder#maxIdleTime}.
     *
     * @return what was given, or what it came to.
     */
    public Duration getMaxIdleTime() {
        return JavaTimes.of(TimeSetting.MAX_IDLE_TIME.get(config));
    }

    /**
     * See {@link JavaPoolBuilder#maxLifetime}.
     *
     * @return what was given, or what it came to.
     */
    public Duration getMaxLifetime() {
        return JavaTimes.of(TimeSetting.MAX_LIFETIME.get(config));
    }

    /**
     * See {@link JavaPoolBuilder#lifetimeJitter}.
     *
     * @return what was given, or what it came to.
     */
    public double getLifetimeJitter() {
        return config.getLifetimeJitter();
    }

    /**
     * See {@link JavaPoolBuilder#minRemainingLifetime}.
     *
     * @return what was given, or what it came to.
     */
    public Duration getMinRemainingLifetime() {
        return JavaTimes.of(TimeSetting.MIN_REMAINING_LIFETIME.get(config));
    }

    /**
     * See {@link JavaPoolBuilder#maxUses}.
     *
     * @return what was given, or what it came to.
     */
    public int getMaxUses() {
        return config.getMaxUses();
    }

    /**
     * See {@link JavaPoolBuilder#pingInterval}.
     *
     * @return what was given, or what it came to.
     */
    public Duration getPingInterval() {
        return JavaTimes.of(TimeSetting.PING_INTERVAL.get(config));
    }

    /**
     * See {@link JavaPoolBuilder#pongTimeout}.
     *
     * @return what was given, or what it came to.
     */
    public Duration getPongTimeout() {
        return JavaTimes.of(TimeSetting.PONG_TIMEOUT.get(config));
    }

    /**
     * See {@link JavaPoolBuilder#validateAfterIdle}.
     *
     * @return what was given, or what it came to.
     */
    public Duration getValidateAfterIdle() {
        return JavaTimes.of(TimeSetting.VALIDATE_AFTER_IDLE.get(config));
    }

    /**
     * See {@link JavaPoolBuilder#validateTimeout}.
     *
     * @return what was given, or what it came to.
     */
    public Duration getValidateTimeout() {
        return JavaTimes.of(TimeSetting.VALIDATE_TIMEOUT.get(config));
    }

    /**
     * See {@link JavaPoolBuilder#sendTimeout}.
     *
     * @return what was given, or what it came to.
     */
    public Duration getSendTimeout() {
        return JavaTimes.of(TimeSetting.SEND_TIMEOUT.get(config));
    }

    /**
     * See {@link JavaPoolBuilder#closeTimeout}.
     *
     * @return what was given, or what it came to.
     */
    public Duration getCloseTimeout() {
        return JavaTimes.of(TimeSetting.CLOSE_TIMEOUT.get(config));
    }

    /**
     * See {@link JavaPoolBuilder#abortTimeout}.
     *
     * @return what was given, or what it came to.
     */
    public Duration getAbortTimeout() {
        return JavaTimes.of(TimeSetting.ABORT_TIMEOUT.get(config));
    }

    /**
     * See {@link JavaPoolBuilder#receiveBuffer}.
     *
     * @return what was given, or what it came to.
     */
    public int getReceiveBuffer() {
        return config.getReceiveBuffer();
    }

    /**
     * See {@link JavaPoolBuilder#fullReceiveBuffer}.
     *
     * @return what was given, or what it came to.
     */
    public FullReceiveBuffer getFullReceiveBuffer() {
        return config.getFullReceiveBuffer();
    }

    /**
     * See {@link JavaPoolBuilder#unreadMessages}.
     *
     * @return what was given, or what it came to.
     */
    public UnreadMessages getUnreadMessages() {
        return config.getUnreadMessages();
    }

    /**
     * See {@link JavaPoolBuilder#unsolicitedMessages}.
     *
     * @return what was given, or what it came to.
     */
    public UnsolicitedMessages getUnsolicitedMessages() {
        return config.getUnsolicitedMessages();
    }

    /**
     * See {@link JavaPoolBuilder#executor}.
     *
     * @return null for the library's own.
     */
    public @Nullable Executor getExecutor() {
        return Hooks.executor(config);
    }

    /**
     * See {@link JavaPoolBuilder#diagnostics}.
     *
     * @return what was given, or what it came to.
     */
    public Diagnostics getDiagnostics() {
        return config.getDiagnostics();
    }

    /**
     * See {@link JavaPoolBuilder#network}.
     *
     * @return null where there is none.
     */
    public @Nullable NetworkSignal getNetwork() {
        return config.getNetwork();
    }

    /**
     * What the pool's own connector is told.
     *
     * @return its settings.
     */
    public TransportConfig getTransport() {
        return config.getTransport();
    }
}
