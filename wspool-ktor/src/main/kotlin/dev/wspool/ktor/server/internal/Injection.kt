package dev.wspool.ktor.server.internal

import dev.wspool.WebSocketPool
import io.ktor.server.application.Application
import io.ktor.server.plugins.di.dependencies

/** Ktor's dependency injection, which is optional: its classes are loaded by [provide] alone. */
internal object Injection {
    /** Whether it is on the class path. */
    val isThere: Boolean = try {
        Class.forName("io.ktor.server.plugins.di.DependencyRegistryKt", false, Injection::class.java.classLoader)
        true
    } catch (_: ClassNotFoundException) {
        false
    }

    /** Installs it where the application has not yet, as the first use of `dependencies` does. */
    fun provide(application: Application, pools: Map<String, WebSocketPool>) {
        for ((name, pool) in pools) application.dependencies.provide<WebSocketPool>(name) { pool }
        if (pools.size == 1) application.dependencies.provide<WebSocketPool> { pools.values.first() }
    }
}
