package dev.wspool.ktor.server.internal

import dev.wspool.Endpoint

/** Of the handshake, in a section: headers by any name, which may hold secrets, and subprotocols. */
internal const val HEADERS = "headers"
internal const val SUBPROTOCOLS = "subprotocols"

/** [url], with the handshake that this section says, and what [coded] says of it beside. */
internal fun Section.endpoint(url: String, coded: Endpoint? = null): Endpoint {
    val headers = below(HEADERS)
    val given = headers.names.associateWith { headers[it]!!.text }
    val others = coded?.headers.orEmpty().filterKeys { name -> given.keys.none { it.equals(name, ignoreCase = true) } }
    return Endpoint(url, others + given, this[SUBPROTOCOLS]?.list ?: coded?.subprotocols.orEmpty())
}
