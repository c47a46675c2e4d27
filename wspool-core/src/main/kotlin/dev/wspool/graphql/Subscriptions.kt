package dev.wspool.graphql

import dev.wspool.Message
import dev.wspool.NewConnection
import dev.wspool.UnexpectedMessageException
import dev.wspool.WebSocketPool
import dev.wspool.internal.jsonObject
import dev.wspool.internal.primitive
import dev.wspool.internal.toMessage
import dev.wspool.requestStream
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.mapNotNull
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.put
import java.util.concurrent.atomic.AtomicLong
import kotlin.time.Duration

/**
 * Opens a connection for graphql-transport-ws: to be called in `onConnect`, which bounds its time.
 *
 * @param payload what the server wants to know of who connects, a token for example; or null for nothing.
 * @throws UnexpectedMessageException where the server does not acknowledge.
 */
public suspend fun NewConnection.initGraphQl(payload: JsonElement? = null) {
    send(
        buildJsonObject {
            put("type", "connection_init")
            if (payload != null) put("payload", payload)
        }.toMessage(),
    )
    while (true) {
        val message = receive()
        when (message.jsonObject().type) {
            "connection_ack" -> return
            "ping" -> send(GraphQlCorrelator.answerTo(message)!!)
            "pong" -> Unit
            else -> throw UnexpectedMessageException("Expected connection_ack, got another message", message)
        }
    }
}

/**
 * The results of an operation: one for a query or a mutation, any number for a subscription. Cold: each collection asks anew; left
 * early, it tells the server.
 *
 * @param payload `query`, and where needed `variables`, `operationName`, `extensions`.
 * @param timeout how long the first result may take, the wait for a connection included, and each further one.
 * @return the `payload` of each result: its `data` and `errors`.
 * @throws GraphQlException where the server refuses the operation.
 */
public fun WebSocketPool.subscribe(payload: JsonObject, timeout: Duration = Duration.INFINITE): Flow<JsonElement> {
    return flow {
        val id = "wspool-${lastId.incrementAndGet()}"
        val operation = buildJsonObject {
            put("id", id)
            put("type", "subscribe")
            put("payload", payload)
        }
        val replies = requestStream(operation.toMessage(), timeout, isReply = { it.isOf(id) }, isLast = { it.jsonObject().type != "next" })
        emitAll(replies.mapNotNull { resultOf(it) })
    }
}

private val lastId = AtomicLong()

private fun Message.isOf(id: String): Boolean = jsonObject().primitive("id")?.contentOrNull == id

private fun resultOf(reply: Message): JsonElement? {
    val found = reply.jsonObject()
    if (found.type == "error") throw GraphQlException(found["payload"])
    return found["payload"]
}
