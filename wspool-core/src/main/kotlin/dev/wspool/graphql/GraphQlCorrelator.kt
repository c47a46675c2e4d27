package dev.wspool.graphql

import dev.wspool.Correlator
import dev.wspool.Message
import dev.wspool.internal.jsonObject
import dev.wspool.internal.primitive
import dev.wspool.internal.toMessage
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.put

/**
 * Tells apart the operations of [graphql-transport-ws](https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md), whose
 * server may send any number of results to each. Its pings are answered; who leaves an operation early tells the server so.
 *
 * The connection is to ask for the subprotocol `graphql-transport-ws`, and to begin with [initGraphQl] in `onConnect`.
 */
public object GraphQlCorrelator : Correlator {
    override fun requestId(request: Message): Any? = request.jsonObject().takeIf { it.type == "subscribe" }?.primitive("id")

    override fun replyTo(message: Message): Correlator.Reply? {
        val found = message.jsonObject()
        val id = found.primitive("id") ?: return null
        return Correlator.Reply(id, isLast = found.type != "next")
    }

    override fun cancellation(requestId: Any): Message = buildJsonObject {
        put("id", requestId as JsonPrimitive)
        put("type", "complete")
    }.toMessage()

    override fun answerTo(message: Message): Message? = if (message.jsonObject().type == "ping") PONG else null

    private val PONG = buildJsonObject { put("type", "pong") }.toMessage()
}

internal val JsonObject.type: String? get() = primitive("type")?.contentOrNull
