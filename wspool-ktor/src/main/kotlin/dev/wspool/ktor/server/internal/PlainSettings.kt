package dev.wspool.ktor.server.internal

import dev.wspool.Compression
import dev.wspool.FullReceiveBuffer
import dev.wspool.PoolConfig
import dev.wspool.UnreadMessages
import dev.wspool.UnsolicitedMessages

/** The settings of a pool that are one text each. */
internal val PLAIN_SETTINGS: Map<String, PoolConfig.Builder.(SettingText) -> Unit> = mapOf(
    "name" to { name = it.text },
    "maxConnections" to { maxConnections = it.wholeNumber },
    "minIdle" to { minIdle = it.wholeNumber },
    "maxIdle" to { maxIdle = it.wholeNumber },
    "maxWaiting" to { maxWaiting = it.wholeNumber },
    "borrowTimeout" to { borrowTimeout = it.span },
    "connectTimeout" to { connectTimeout = it.span },
    "leasesPerConnection" to { leasesPerConnection = it.wholeNumber },
    "maxConcurrentConnects" to { maxConcurrentConnects = it.wholeNumber },
    "maxConnectsPerSecond" to { maxConnectsPerSecond = it.number },
    "maxIdleTime" to { maxIdleTime = it.span },
    "maxLifetime" to { maxLifetime = it.span },
    "lifetimeJitter" to { lifetimeJitter = it.number },
    "minRemainingLifetime" to { minRemainingLifetime = it.span },
    "maxUses" to { maxUses = it.wholeNumber },
    "pingInterval" to { pingInterval = it.span },
    "pongTimeout" to { pongTimeout = it.span },
    "validateAfterIdle" to { validateAfterIdle = it.span },
    "validateTimeout" to { validateTimeout = it.span },
    "sendTimeout" to { sendTimeout = it.span },
    "closeTimeout" to { closeTimeout = it.span },
    "abortTimeout" to { abortTimeout = it.span },
    "receiveBuffer" to { receiveBuffer = it.wholeNumber },
    "fullReceiveBuffer" to { fullReceiveBuffer = it.constant<FullReceiveBuffer>() },
    "unreadMessages" to { unreadMessages = it.oneOf(UNREAD) },
    "unsolicitedMessages" to { unsolicitedMessages = it.oneOf(UNSOLICITED) },
    "maxMessageSize" to { maxMessageSize = it.wholeNumber },
    "maxBytesInFlight" to { maxBytesInFlight = it.wholeNumber },
    "compression" to { compression = if (it.isTrue) Compression() else null },
    "proxy" to { proxy = it.text },
)

/** `Drain` takes code. */
private val UNREAD = mapOf(
    "CloseConnection" to UnreadMessages.CloseConnection,
    "Drop" to UnreadMessages.Drop,
    "Keep" to UnreadMessages.Keep,
)

/** `Handle` takes code. */
private val UNSOLICITED = mapOf(
    "CloseConnection" to UnsolicitedMessages.CloseConnection,
    "Drop" to UnsolicitedMessages.Drop,
    "Keep" to UnsolicitedMessages.Keep,
)
