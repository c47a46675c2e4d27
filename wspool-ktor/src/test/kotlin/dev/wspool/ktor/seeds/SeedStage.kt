package dev.wspool.ktor.seeds

import dev.wspool.PoolConfig
import dev.wspool.PoolStats
import dev.wspool.WebSocketPool
import dev.wspool.ktor.testThreads
import dev.wspool.statsFlow
import dev.wspool.test.PeerFrame
import dev.wspool.test.PeerWire
import dev.wspool.test.Script
import dev.wspool.test.ScriptedServer
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A server that plays [script], a pool to it, and a scenario of a README with both; the timeouts are safety nets. */
internal fun scenario(
    script: Script,
    configure: PoolConfig.Builder.() -> Unit = {},
    play: suspend CoroutineScope.(pool: WebSocketPool, server: ScriptedServer) -> Unit,
) = ScriptedServer(script).use { server ->
    val pool = WebSocketPool(server.url) {
        borrowTimeout = 30.seconds
        connectTimeout = 30.seconds
        configure()
    }
    runBlocking(testThreads) {
        try {
            withTimeout(60.seconds) { play(pool, server) }
        } finally {
            pool.close()
            withTimeout(30.seconds) { pool.awaitClosed() }
        }
    }
}

/** Waits until the pool is as it should be; for ever, where it never is. */
internal suspend fun WebSocketPool.awaitStats(condition: (PoolStats) -> Boolean): PoolStats =
    statsFlow(every = 1.milliseconds).first(condition)

/** The text messages of the client until it closes or is gone; pings and its Close are answered. */
internal fun PeerWire.texts(): Sequence<String> = sequence {
    for (frame in frames()) {
        if (frame.opcode == PeerFrame.TEXT) yield(frame.payload.decodeToString()) else reply(frame)
        if (frame.opcode == PeerFrame.CLOSE) break
    }
}
