package dev.wspool.jsonrpc

import dev.wspool.Correlator
import dev.wspool.Message
import dev.wspool.internal.json
import dev.wspool.internal.jsonObject
import dev.wspool.internal.log
import dev.wspool.internal.primitive
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.intOrNull

/**
 * Tells apart the calls of [JSON-RPC 2.0](https://www.jsonrpc.org/specification), and of protocols with the same `id`, `method`,
 * `result` and `error`, such as Chrome's DevTools. Ids must differ among all who share a connection: [call] sees to that. An error that
 * names no call is logged: who made the call learns of it by his timeout alone.
 *
 * Notifications of the server are replies to nobody; see `unsolicitedMessages`. A batch is refused with an
 * [IllegalArgumentException]: its replies are not told apart.
 */
public object JsonRpcCorrelator : Correlator {
    override fun requestId(request: Message): Any? {
        val sent = request.json()
        require(sent !is JsonArray) { "A batch cannot be sent on a connection with JsonRpcCorrelator: send its calls one by one" }
        return request.jsonObject().takeIf { "method" in it }?.primitive("id")
    }

    override fun replyTo(message: Message): Correlator.Reply? {
        val found = message.jsonObject()
        if ("method" in found) return null // the server's own request, or a notification
        val id = found.primitive("id")
        if (id != null) return Correlator.Reply(id)
        if ("error" in found) log.warn("A JSON-RPC server answers a call with error {}, and does not name the call", codeOf(found))
        return null
    }

    private fun codeOf(reply: JsonObject): Int? = (reply["error"] as? JsonObject)?.primitive("code")?.intOrNull
}
