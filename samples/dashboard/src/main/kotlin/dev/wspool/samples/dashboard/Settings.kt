package dev.wspool.samples.dashboard

import dev.wspool.PoolConfig

/** Those settings that explain what is to be seen, by their names in [PoolConfig.Builder]. */
fun PoolConfig.shown(): Map<String, String> = linkedMapOf(
    "maxConnections" to "$maxConnections",
    "minIdle" to "$minIdle",
    "borrowTimeout" to "$borrowTimeout",
    "connectTimeout" to "$connectTimeout",
    "maxConcurrentConnects" to "$maxConcurrentConnects",
    "maxConnectsPerSecond" to "$maxConnectsPerSecond",
    "backoff" to "$backoff",
    "pingInterval" to "$pingInterval",
    "pongTimeout" to "$pongTimeout",
    "maxIdleTime" to "$maxIdleTime",
    "maxLifetime" to "$maxLifetime",
    "lifetimeJitter" to "$lifetimeJitter",
)
