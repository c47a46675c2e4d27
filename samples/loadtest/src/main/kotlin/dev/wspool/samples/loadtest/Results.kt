package dev.wspool.samples.loadtest

import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json

/**
 * All that a run has found out; what `--json` writes.
 *
 * @property startedAt as ISO 8601.
 */
@Serializable
data class Results(
    val startedAt: String,
    val interrupted: Boolean,
    val settings: Settings,
    val initialization: Initialization,
    val requests: RequestResults,
    val pool: PoolResult,
) {
    fun toJson(): String = JSON.encodeToString(this)

    companion object {
        private val JSON = Json { prettyPrint = true }

        fun fromJson(text: String): Results = JSON.decodeFromString(text)
    }
}
