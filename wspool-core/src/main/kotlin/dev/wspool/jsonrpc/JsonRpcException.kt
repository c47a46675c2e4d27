package dev.wspool.jsonrpc

import kotlinx.serialization.json.JsonElement

/**
 * The server answered a [call] with an error (JSON-RPC 2.0, 5.1). The connection is well.
 *
 * @property code says what kind of error it is.
 * @property data what the server adds to it, or null.
 */
public class JsonRpcException(public val code: Int, message: String, public val data: JsonElement? = null) : RuntimeException(message)
