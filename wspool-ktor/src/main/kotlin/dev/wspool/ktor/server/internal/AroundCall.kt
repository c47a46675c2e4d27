package dev.wspool.ktor.server.internal

import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.ApplicationCallPipeline
import io.ktor.server.application.Hook
import io.ktor.server.application.call
import io.ktor.util.pipeline.PipelinePhase

/**
 * A hook around the whole of a call's work, between `Setup` and `Monitoring`: StatusPages catches before `Setup`, so what is caught here
 * it never sees, in whatever order the plugins are installed.
 */
internal object AroundCall : Hook<suspend (call: ApplicationCall, proceed: suspend () -> Unit) -> Unit> {
    private val phase = PipelinePhase("WebSocketPools")

    override fun install(
        pipeline: ApplicationCallPipeline,
        handler: suspend (call: ApplicationCall, proceed: suspend () -> Unit) -> Unit,
    ) {
        pipeline.insertPhaseBefore(ApplicationCallPipeline.Monitoring, phase)
        pipeline.intercept(phase) { handler(call) { proceed() } }
    }
}
