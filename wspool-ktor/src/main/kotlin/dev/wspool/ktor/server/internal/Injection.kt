package dev.wspool.ktor.server.internal

import io.ktor.server.application.Application
import io.ktor.server.plugins.di.DependencyKey
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
    fun provide(application: Application, lenders: Collection<Map.Entry<String, Lender>>) {
        for ((type, ofType) in lenders.groupBy { it.value.type }) {
            for ((name, lender) in ofType) application.dependencies.set(DependencyKey(type, name)) { lender.source }
            ofType.singleOrNull()?.let { (_, lender) -> application.dependencies.set(DependencyKey(type)) { lender.source } }
        }
    }
}
