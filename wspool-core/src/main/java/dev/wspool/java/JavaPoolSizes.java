package dev.wspool.java;

import dev.wspool.AdaptiveCapacity;
import dev.wspool.Backoff;
import dev.wspool.Correlator;
import dev.wspool.PoolConfig;
import dev.wspool.internal.java.TimeSetting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The part of a {@link JavaPoolConfig} that says how many connections there may be, for whom, and when they are opened. */
public abstract class JavaPoolSizes {
    final PoolConfig config;

    JavaPoolSizes(PoolConfig config) {
        this.config = config;
    }

    /**
     * See {@link JavaPoolBuilder#name}.
     *
     * @return what was given, or what it came to.
     */
    public @Nullable String getName() {
        return config.getName();
    }

    /**
     * See {@link JavaPoolBuilder#maxConnections}.
     *
     * @return what was given, or what it came to.
     */
    public int getMaxConnections() {
        return config.getMaxConnections();
    }

    /**
     * See {@link JavaPoolBuilder#minIdle}.
     *
     * @return what was given, or what it came to.
     */
    public int getMinIdle() {
        return config.getMinIdle();
    }

    /**
     * See {@link JavaPoolBuilder#adaptiveCapacity}.
     *
     * @return what was given, or what it came to.
     */
    public @Nullable AdaptiveCapacity getAdaptiveCapacity() {
        return config.getAdaptiveCapacity();
    }

    /**
     * See {@link JavaPoolBuilder#maxIdle}.
     *
     * @return what was given, or what it came to.
     */
    public int getMaxIdle() {
        return config.getMaxIdle();
    }

    /**
     * See {@link JavaPoolBuilder#maxWaiting}.
     *
     * @return what was given, or what it came to.
     */
    public int getMaxWaiting() {
        return config.getMaxWaiting();
    }

    /**
     * See {@link JavaPoolBuilder#borrowTimeout}.
     *
     * @return what was given, or what it came to.
     */
    public Duration getBorrowTimeout() {
        return JavaTimes.of(TimeSetting.BORROW_TIMEOUT.get(config));
    }

    /**
     * See {@link JavaPoolBuilder#connectTimeout}.
     *
     * @return what was given, or what it came to.
     */
    public Duration getConnectTimeout() {
        return JavaTimes.of(TimeSetting.CONNECT_TIMEOUT.get(config));
    }

    /**
     * See {@link JavaPoolBuilder#leasesPerConnection}.
     *
     * @return what was given, or what it came to.
     */
    public int getLeasesPerConnection() {
        return config.getLeasesPerConnection();
    }

    /**
     * See {@link JavaPoolBuilder#correlator}.
     *
     * @return what was given, or what it came to.
     */
    public @Nullable Correlator getCorrelator() {
        return config.getCorrelator();
    }

    /**
     * See {@link JavaPoolBuilder#maxConcurrentConnects}.
     *
     * @return what was given, or what it came to.
     */
    public int getMaxConcurrentConnects() {
        return config.getMaxConcurrentConnects();
    }

    /**
     * See {@link JavaPoolBuilder#maxConnectsPerSecond}.
     *
     * @return what was given, or what it came to.
     */
    public double getMaxConnectsPerSecond() {
        return config.getMaxConnectsPerSecond();
    }

    /**
     * See {@link JavaPoolBuilder#backoff}.
     *
     * @return what was given, or what it came to.
     */
    public Backoff getBackoff() {
        return config.getBackoff();
    }
}
