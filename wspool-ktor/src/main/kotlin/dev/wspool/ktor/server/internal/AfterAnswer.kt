package dev.wspool.ktor.server.internal

import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.call
import io.ktor.server.engine.BaseApplicationEngine
import io.ktor.server.engine.EnginePipeline
import io.ktor.util.AttributeKey

/**
 * Tells when a call's answer is written, which is later than its end in the application: Netty hands an answer on and waits for it in a
 * phase of the engine's own, and cuts all connections when the handlers of `ApplicationStopPreparing` return.
 */
internal object AfterAnswer {
    private val INSTALLED = AttributeKey<Unit>("WebSocketPoolsAfterAnswer")

    /** Once for each engine, which outlives its applications. False where the engine has no such pipeline. */
    fun install(application: Application, handler: (ApplicationCall) -> Unit): Boolean {
        val pipeline = (application.engine as? BaseApplicationEngine)?.pipeline ?: return false
        pipeline.attributes.computeIfAbsent(INSTALLED) {
            pipeline.intercept(EnginePipeline.Before) {
                try {
                    proceed()
                } finally {
                    handler(call)
                }
            }
        }
        return true
    }
}
