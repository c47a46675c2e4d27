package dev.wspool.samples.loadtest

import dev.wspool.Endpoint
import java.net.URLEncoder

/** Where a connection carries the API key. */
enum class Auth {
    /** `Authorization: Bearer KEY`. */
    HEADER {
        override fun login(endpoint: Endpoint, key: String) =
            Endpoint(endpoint.url, endpoint.headers + ("Authorization" to "Bearer $key"), endpoint.subprotocols)
    },

    /** `?api_key=KEY`: as a browser has to, which cannot set headers. */
    QUERY {
        override fun login(endpoint: Endpoint, key: String): Endpoint {
            val separator = if ('?' in endpoint.url) '&' else '?'
            val url = "${endpoint.url}${separator}api_key=${URLEncoder.encode(key, Charsets.UTF_8)}"
            return Endpoint(url, endpoint.headers, endpoint.subprotocols)
        }
    }, ;

    /** Where to connect to with the [key]. */
    abstract fun login(endpoint: Endpoint, key: String): Endpoint
}
