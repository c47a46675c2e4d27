package dev.wspool

import java.net.InetAddress
import java.net.URI
import java.net.URISyntaxException

/**
 * Where a pool connects to: a `ws` or `wss` URL, and of the addresses that its host has [one][at], where one is meant.
 *
 * Its text never shows what may be secret: user information and query are left out of [address] and `toString`.
 *
 * @property url the URL as given, secrets included.
 * @property headers sent with the upgrade request; their values are secrets too.
 * @property subprotocols offered to the server, the most wanted first (RFC 6455, 1.9).
 * @property ipAddress what is connected to, whatever the host's name resolves to; null where that decides. See [at].
 * @throws IllegalArgumentException where the URL is not an absolute `ws` or `wss` URL with a host, or a header or subprotocol
 * cannot be sent.
 */
public class Endpoint
    private constructor(
        public val url: String,
        public val headers: Map<String, String>,
        public val subprotocols: List<String>,
        public val ipAddress: InetAddress?,
    ) {
        @JvmOverloads
        public constructor(url: String, headers: Map<String, String> = emptyMap(), subprotocols: List<String> = emptyList()) :
            this(url, headers, subprotocols, null)

        private val uri: URI = parse(url)

        init {
            for ((name, value) in headers) {
                require(TOKEN.matches(name)) { "a header is called \"$name\", which is no name of one (RFC 9110, 5.1)" }
                require(value.none { (it < ' ' && it != '\t') || it == DELETE }) { "the header $name has a value with a control character" }
            }
            require(subprotocols.all(TOKEN::matches)) { "a subprotocol must be a token (RFC 6455, 4.1): $subprotocols" }
        }

        /** The URL without user information and query; what errors, logs and stats show. */
        public val address: String = describe(uri)

        /** The host name or IP address, without the brackets of an IPv6 address. */
        public val host: String get() = hostOf(uri).removeSurrounding("[", "]")

        /** The port, also where the URL leaves it out: 80 for `ws`, 443 for `wss`. */
        public val port: Int get() {
            val given = portOf(uri)
            return when {
                given >= 0 -> given
                isSecure -> SECURE_PORT
                else -> PLAIN_PORT
            }
        }

        /** True for `wss`. */
        public val isSecure: Boolean get() = uri.scheme.equals("wss", ignoreCase = true)

        /** What must not be seen of this URL, longest first, raw and decoded. */
        internal val secrets: List<String> = secretsOf(uri, headers.values)

        /**
         * This endpoint on one machine: a connection is made to [address] and to no other. All else stays the host's: the `Host` header,
         * the name that TLS asks for, and the one that the certificate must be for.
         *
         * wspool's own engine does this, unless it connects through a proxy, which looks names up itself. Where it cannot be done, a dial
         * fails with a permanent [ConnectFailedException].
         */
        public fun at(address: InetAddress): Endpoint = Endpoint(url, headers, subprotocols, address)

        override fun equals(other: Any?): Boolean = other is Endpoint && other.url == url && other.headers == headers &&
            other.subprotocols == subprotocols && other.ipAddress == ipAddress

        override fun hashCode(): Int = 31 * url.hashCode() + ipAddress.hashCode()

        /** [address] and, where there is one, [ipAddress]: `wss://prices.example.com/v2 at 10.0.0.7`. */
        override fun toString(): String = if (ipAddress == null) address else "$address at ${ipAddress.hostAddress}"

        private companion object {
            /** RFC 9110, 5.6.2. */
            val TOKEN = Regex("""[!#$%&'*+\-.^_`|~0-9A-Za-z]+""")
            const val DELETE = '\u007F'
            const val PLAIN_PORT = 80
            const val SECURE_PORT = 443

            /** A name that DNS takes and [URI] does not, as `my_service` in a container's network: user information, host, port. */
            val REGISTERED = Regex("""(?:([^@]*)@)?([\w.-]+)(?::(\d{1,9}))?""")

            /** What is shorter stands in any text, and keeps nobody out. */
            const val SHORTEST_SECRET = 4

            fun parse(url: String): URI {
                val uri = try {
                    URI(url)
                } catch (_: URISyntaxException) {
                    null // its text quotes the URL, and with it the secrets
                }
                requireNotNull(uri) { "url is not a valid URL (it is not shown, as it may hold secrets)" }
                require(uri.scheme != null && uri.scheme.lowercase() in setOf("ws", "wss")) {
                    "url must begin with ws:// or wss://, not ${uri.scheme?.let { "$it:" } ?: "without a scheme"}"
                }
                require(hostOf(uri).isNotEmpty()) { "url names no host: ${describe(uri)}" }
                require(portOf(uri) in -1..65_535) { "url has a port that is none: ${portOf(uri)}" }
                return uri
            }

            fun describe(uri: URI): String = buildString {
                append(uri.scheme).append("://").append(hostOf(uri))
                if (portOf(uri) >= 0) append(':').append(portOf(uri))
                append(uri.rawPath.orEmpty())
            }

            fun hostOf(uri: URI): String = uri.host ?: REGISTERED.matchEntire(uri.rawAuthority.orEmpty())?.groupValues?.get(2).orEmpty()

            fun portOf(uri: URI): Int {
                if (uri.host != null) return uri.port
                return REGISTERED.matchEntire(uri.rawAuthority.orEmpty())?.groupValues?.get(3)?.toIntOrNull() ?: -1
            }

            fun userInfoOf(uri: URI): List<String> =
                listOfNotNull(uri.rawUserInfo, uri.userInfo, REGISTERED.matchEntire(uri.rawAuthority.orEmpty())?.groupValues?.get(1))

            fun secretsOf(uri: URI, headers: Collection<String>): List<String> {
                val whole = listOfNotNull(uri.rawQuery, uri.query, uri.rawFragment) + userInfoOf(uri)
                val parts = listOfNotNull(uri.rawQuery, uri.query).flatMap { it.split('&') }.map { it.substringAfter('=', it) } +
                    userInfoOf(uri).flatMap { it.split(':') }
                // `Bearer s3cr3t`: what stands behind the scheme is as secret as the whole.
                val values = headers + headers.map { it.substringAfter(' ') }
                return (whole + parts + values).filter { it.length >= SHORTEST_SECRET }.distinct().sortedByDescending { it.length }
            }
        }
    }
