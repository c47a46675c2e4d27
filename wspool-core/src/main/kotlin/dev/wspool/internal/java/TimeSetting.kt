package dev.wspool.internal.java

import dev.wspool.PoolConfig
import kotlin.reflect.KMutableProperty1
import kotlin.reflect.KProperty1
import kotlin.time.Duration

/** The settings that are spans, for the Java face, which cannot name what takes or returns a [Duration]. */
internal enum class TimeSetting(
    private val given: KMutableProperty1<PoolConfig.Builder, Duration>,
    private val agreed: KProperty1<PoolConfig, Duration>,
) {
    BORROW_TIMEOUT(PoolConfig.Builder::borrowTimeout, PoolConfig::borrowTimeout),
    CONNECT_TIMEOUT(PoolConfig.Builder::connectTimeout, PoolConfig::connectTimeout),
    MAX_IDLE_TIME(PoolConfig.Builder::maxIdleTime, PoolConfig::maxIdleTime),
    MAX_LIFETIME(PoolConfig.Builder::maxLifetime, PoolConfig::maxLifetime),
    MIN_REMAINING_LIFETIME(PoolConfig.Builder::minRemainingLifetime, PoolConfig::minRemainingLifetime),
    PING_INTERVAL(PoolConfig.Builder::pingInterval, PoolConfig::pingInterval),
    PONG_TIMEOUT(PoolConfig.Builder::pongTimeout, PoolConfig::pongTimeout),
    VALIDATE_AFTER_IDLE(PoolConfig.Builder::validateAfterIdle, PoolConfig::validateAfterIdle),
    VALIDATE_TIMEOUT(PoolConfig.Builder::validateTimeout, PoolConfig::validateTimeout),
    SEND_TIMEOUT(PoolConfig.Builder::sendTimeout, PoolConfig::sendTimeout),
    CLOSE_TIMEOUT(PoolConfig.Builder::closeTimeout, PoolConfig::closeTimeout),
    ABORT_TIMEOUT(PoolConfig.Builder::abortTimeout, PoolConfig::abortTimeout),
    ;

    fun set(builder: PoolConfig.Builder, nanos: Long) = given.set(builder, span(nanos))

    fun get(config: PoolConfig): Long = agreed.get(config).inWholeNanoseconds
}
