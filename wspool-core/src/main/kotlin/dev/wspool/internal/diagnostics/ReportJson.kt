package dev.wspool.internal.diagnostics

import dev.wspool.PoolReport
import kotlinx.serialization.json.Json

/** JSON is optional: this class is loaded when it is asked for. */
private object ReportJson {
    fun of(report: PoolReport): String = Json.encodeToString(PoolReport.serializer(), report)
}

/** @throws IllegalStateException where there is no JSON on the class path. */
internal fun PoolReport.toJsonText(): String = try {
    ReportJson.of(this)
} catch (missing: LinkageError) {
    throw IllegalStateException("toJson needs org.jetbrains.kotlinx:kotlinx-serialization-json: add it", missing)
}
