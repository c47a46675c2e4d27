package dev.wspool.graphql

import dev.wspool.internal.primitive
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.contentOrNull

/**
 * The server refused an operation. The connection is well.
 *
 * @property errors what it says, a list of GraphQL errors, or null.
 */
public class GraphQlException(public val errors: JsonElement?) : RuntimeException(textOf(errors))

private fun textOf(errors: JsonElement?): String {
    val first = (errors as? JsonArray)?.firstOrNull() as? JsonObject
    return first?.primitive("message")?.contentOrNull ?: "The server refused the operation, and does not say why"
}
