package dev.wspool.internal

import dev.wspool.Message
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** What a message holds, be it text or, as some servers send it, bytes of UTF-8. */
internal fun Message.json(): JsonElement {
    val text = when (this) {
        is Message.Text -> text
        is Message.Binary -> bytes.decodeToString()
    }
    return try {
        Json.parseToJsonElement(text)
    } catch (_: SerializationException) { // whose text has all of the message, and with it what may be nobody's to read
        throw IllegalArgumentException("A message of ${text.length} characters is no JSON")
    }
}

/** @throws IllegalArgumentException where the message is none. */
internal fun Message.jsonObject(): JsonObject {
    val found = json()
    require(found is JsonObject) { "A message is a JSON ${found.kind}, not an object" }
    return found
}

private val JsonElement.kind: String get() = if (this is JsonPrimitive) "value" else "array"

/** What is called [name], where that is a string or a number, else null. */
internal fun JsonObject.primitive(name: String): JsonPrimitive? = (this[name] as? JsonPrimitive)?.takeIf { it !is JsonNull }

internal fun JsonObject.toMessage(): Message = Message.Text(toString())
