package dev.wspool.jsonrpc

import dev.wspool.Lease
import dev.wspool.Message
import dev.wspool.WebSocketPool
import dev.wspool.internal.jsonObject
import dev.wspool.internal.primitive
import dev.wspool.internal.toMessage
import dev.wspool.request
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.intOrNull
import kotlinx.serialization.json.put
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration

/**
 * Calls [method] of a JSON-RPC 2.0 server and returns its result; as [WebSocketPool.request], with what that throws. With
 * [JsonRpcCorrelator] as the pool's `correlator` many calls share a connection.
 *
 * @param params a `JsonArray` or a `JsonObject`, or null for none.
 * @param timeout for all of it, the wait for a connection too.
 * @param envelope what stands beside `id`, `method` and `params`. The version by default; other protocols refuse that, and want
 * other things: Chrome's DevTools a `sessionId`.
 * @throws JsonRpcException where the server answers with an error.
 */
public suspend fun WebSocketPool.call(
    method: String,
    params: JsonElement? = null,
    timeout: Duration = Duration.INFINITE,
    envelope: JsonObject = JsonRpcVersion,
): JsonElement {
    val id = nextId()
    return resultOf(request(callOf(id, method, params, envelope), timeout) { it.answers(id) })
}

/** As [call] of a pool, on a lease that is there already. */
public suspend fun Lease.call(
    method: String,
    params: JsonElement? = null,
    timeout: Duration = Duration.INFINITE,
    envelope: JsonObject = JsonRpcVersion,
): JsonElement {
    val id = nextId()
    return resultOf(request(callOf(id, method, params, envelope), timeout) { it.answers(id) })
}

/** `"jsonrpc":"2.0"`. */
private val JsonRpcVersion = buildJsonObject { put("jsonrpc", "2.0") }

/**
 * Differs among all pools of the process, and so among those who share a connection. An Int, as some servers have no room for more;
 * one that has gone round meets no call that is still open.
 */
private val lastId = AtomicInteger(FIRST_ID)

/** Above what a user is likely to count himself. */
private const val FIRST_ID = 1_000_000_000

private fun nextId() = lastId.incrementAndGet() and Int.MAX_VALUE

/** What is shown of an error that has another form than the standard's. */
private const val LONGEST_TEXT = 200

/** The id first: a server that gives up reading a message it does not like has read it by then, and names it. */
private fun callOf(id: Int, method: String, params: JsonElement?, envelope: JsonObject): Message = buildJsonObject {
    put("id", id)
    envelope.forEach { (name, value) -> put(name, value) }
    put("method", method)
    if (params != null) put("params", params)
}.toMessage()

private fun Message.answers(id: Int): Boolean {
    val found = jsonObject()
    return "method" !in found && found.primitive("id")?.contentOrNull == id.toString()
}

private fun resultOf(reply: Message): JsonElement {
    val found = reply.jsonObject()
    val said = found["error"]
    if (said == null || said is JsonNull) return found["result"] ?: JsonNull
    val error = said as? JsonObject ?: throw JsonRpcException(0, said.toString().take(LONGEST_TEXT), said) // not as the standard says
    val text = error.primitive("message")?.contentOrNull ?: "an error without a message"
    throw JsonRpcException(error.primitive("code")?.intOrNull ?: 0, text, error["data"])
}
