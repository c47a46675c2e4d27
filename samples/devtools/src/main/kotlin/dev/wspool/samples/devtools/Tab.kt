package dev.wspool.samples.devtools

import kotlinx.serialization.json.JsonObject

/** A page that is open in the browser. */
fun interface Tab {
    /** Calls [method] of this page and returns its result; throws [DevToolsException] or a PoolException. */
    suspend fun call(method: String, params: JsonObject): JsonObject
}
