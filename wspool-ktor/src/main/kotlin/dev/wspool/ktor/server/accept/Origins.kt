package dev.wspool.ktor.server.accept

import java.net.URI
import java.net.URISyntaxException

/**
 * The origin that [text] names, in the form in which two can be compared (RFC 6454, 6.2): scheme and host in small letters, and the port
 * where it is not the scheme's own. Null where it is none, as the `null` of a page that has none to show.
 */
internal fun originOf(text: String): String? {
    val uri = try {
        URI(text)
    } catch (_: URISyntaxException) {
        return null
    }
    val scheme = uri.scheme?.lowercase() ?: return null
    val host = uri.host?.lowercase() ?: return null
    val hasMore = !uri.rawPath.isNullOrEmpty() || uri.rawQuery != null || uri.rawFragment != null || uri.rawUserInfo != null
    if (hasMore) return null
    val isUsual = uri.port < 0 || uri.port == (if (scheme == "https") 443 else 80)
    return if (isUsual) "$scheme://$host" else "$scheme://$host:${uri.port}"
}
