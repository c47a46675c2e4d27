package dev.wspool.samples.devtools

import dev.wspool.Lease
import dev.wspool.PoolException
import dev.wspool.jsonrpc.JsonRpcException
import dev.wspool.jsonrpc.call
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import kotlin.time.Duration

/**
 * Calls [method] of the browser and returns its result.
 *
 * DevTools refuses a message that has "jsonrpc" in it, and wants the session beside the id.
 *
 * @param session the page that is meant, as Target.attachToTarget has named it; null for the browser, or the connection's own page.
 * @throws DevToolsException where there is no reply, or it is an error.
 */
suspend fun Lease.devTools(method: String, params: JsonObject, session: String?, timeout: Duration): JsonObject {
    val envelope = buildJsonObject { if (session != null) put("sessionId", session) }
    val result = try {
        call(method, params, timeout, envelope)
    } catch (failed: PoolException) {
        throw DevToolsException(method, failed.message.orEmpty(), failed)
    } catch (refused: JsonRpcException) {
        throw DevToolsException(method, "${refused.message} (${refused.code})")
    }
    return result as? JsonObject ?: throw DevToolsException(method, "the reply has no result")
}

/** The text called [name] of the result of [method]. */
fun JsonObject.required(name: String, method: String): String = text(name) ?: throw DevToolsException(method, "the result has no $name")

/** The text or number called [name], or null. */
fun JsonObject.text(name: String): String? = (this[name] as? JsonPrimitive)?.content
