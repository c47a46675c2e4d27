package dev.wspool.ktor.server

import dev.wspool.WebSocketPool
import dev.wspool.ktor.server.internal.AroundCall
import dev.wspool.ktor.server.internal.ConfigLeaf
import dev.wspool.ktor.server.internal.Injection
import dev.wspool.ktor.server.internal.PoolsText
import dev.wspool.ktor.server.internal.RunningPools
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.ApplicationPlugin
import io.ktor.server.application.createApplicationPlugin
import io.ktor.server.application.hooks.ResponseBodyReadyForSend
import io.ktor.util.AttributeKey

internal val RunningPoolsKey = AttributeKey<RunningPools>("RunningWebSocketPools")

/**
 * Pools of outgoing connections that live as long as the application:
 * ```
 * install(WebSocketPools) { pool("prices", "wss://prices.example.com/v2") { maxConnections = 16 } }
 * routing { get("/price/{id}") { call.respondText(call.webSocketPool("prices").withConnection { … }) } }
 * ```
 * The configuration of the application, `wspool.pools.prices.maxConnections`, says more, and has the last word over the code; it can
 * declare pools and [groups][WebSocketPoolsConfig.group] by itself. An unknown key, or one whose value makes no sense, is an
 * [IllegalArgumentException] of `install`.
 *
 * Pools and groups are there when `install` returns, as children of the application's job. When it stops they lend for as long as
 * requests are being answered that had come before, then drain, all at the same time, while the engine still runs
 * ([WebSocketPoolsConfig.drainTimeout]).
 *
 * A request that fails as no connection was to be had in time is answered with 503 and `Retry-After`
 * ([WebSocketPoolsConfig.onUnavailable]). `ktor-server-di`, where it is on the class path, is given each pool and group under its
 * name; one that is alone of its type, without a name too.
 */
public val WebSocketPools: ApplicationPlugin<WebSocketPoolsConfig> =
    createApplicationPlugin("WebSocketPools", ::WebSocketPoolsConfig) {
        val pools = RunningPools.start(application, pluginConfig, PoolsText.of(ConfigLeaf.below(PoolsText.ROOT, applicationConfig)))
        application.attributes.put(RunningPoolsKey, pools)
        pools.endWith(application)
        if (Injection.isThere) Injection.provide(application, pools.lenders.all.entries)
        on(AroundCall) { call, proceed -> pools.serve(call, proceed) }
        on(ResponseBodyReadyForSend) { call, content -> pools.answering(call, content) }
    }

/**
 * The pool that is called [name].
 *
 * @throws IllegalArgumentException where there is none; it lists the names there are.
 * @throws IllegalStateException where [WebSocketPools] is not installed.
 */
public fun Application.webSocketPool(name: String): WebSocketPool = runningPools.lenders.pool(name)

/** As [Application.webSocketPool]. */
public fun ApplicationCall.webSocketPool(name: String): WebSocketPool = application.webSocketPool(name)

/**
 * All pools of [WebSocketPools], by name, in the order of their declaration.
 *
 * @throws IllegalStateException where it is not installed.
 */
public val Application.webSocketPools: Map<String, WebSocketPool> get() = runningPools.lenders.pools

/**
 * Waits until all pools have been warmed up that were to be, or until `warmUpTimeout` is over. Called in a module that suspends it
 * keeps the engine from listening before; without it, only the readiness of [webSocketPoolStatus] waits. Cancelled, it changes nothing.
 *
 * @throws IllegalStateException where [WebSocketPools] is not installed.
 */
public suspend fun Application.awaitWebSocketPools(): Unit = runningPools.awaitWarm()

internal val Application.runningPools: RunningPools
    get() = checkNotNull(attributes.getOrNull(RunningPoolsKey)) { "There are no pools: install(WebSocketPools) comes first" }
