package dev.wspool.ktor.server.accept

import dev.wspool.AcceptedPool
import dev.wspool.PoolConfig
import dev.wspool.ktor.ktorServer
import dev.wspool.ktor.server.AcceptSettings
import dev.wspool.ktor.server.webSocketPool
import dev.wspool.ktor.testThreads
import io.ktor.server.application.Application
import io.ktor.server.routing.routing
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration.Companion.seconds

/** A Ktor server that lets clients into a pool at `/pool`, and what a test does with both; the timeout is a safety net. */
internal fun accepting(
    gate: AcceptSettings.() -> Unit = {},
    module: Application.() -> Unit = {},
    configure: PoolConfig.Builder.() -> Unit = {},
    test: suspend CoroutineScope.(pool: AcceptedPool, url: String) -> Unit,
) {
    val pool = AcceptedPool(configure)
    ktorServer(
        module = {
            module()
            routing { webSocketPool("/pool", pool, gate) }
        },
    ) { server ->
        runBlocking(testThreads) {
            withTimeout(60.seconds) { test(pool, "$server/pool") }
        }
        pool.close()
    }
    runBlocking { withTimeout(30.seconds) { pool.awaitClosed() } }
}
