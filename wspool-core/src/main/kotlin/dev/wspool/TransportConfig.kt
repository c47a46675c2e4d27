package dev.wspool

import java.net.URI
import java.net.URISyntaxException

/**
 * The settings of a connector, checked and unchangeable. A pool that is made from a URL hands its own on; who makes a
 * connector himself gives it these.
 */
public class TransportConfig private constructor(settings: TransportSettings) {
    /** See [TransportSettings.maxMessageSize]. */
    public val maxMessageSize: Int = settings.maxMessageSize

    /** See [TransportSettings.maxBytesInFlight]. */
    public val maxBytesInFlight: Int = settings.maxBytesInFlight

    /** See [TransportSettings.compression]. */
    public val compression: Compression? = settings.compression

    /** See [TransportSettings.proxy]. */
    public val proxy: String? = settings.proxy

    /** See [TransportSettings.tls]. */
    public val tls: TlsConfig = (settings.tlsBuilder ?: TlsConfig.Builder()).build()

    private val source: TlsConfig.Builder? = settings.tlsBuilder
    private val given: List<String> = NAMES.filter(settings::isGiven) + listOfNotNull("tls".takeIf { settings.tlsBuilder != null })

    init {
        require(maxMessageSize >= 1) { "maxMessageSize must be at least 1, not $maxMessageSize" }
        require(maxBytesInFlight >= LEAST_IN_FLIGHT) { "maxBytesInFlight must be at least $LEAST_IN_FLIGHT, not $maxBytesInFlight" }
        proxy?.let(::checkProxy)
    }

    /** True where the setting called [name] was given, and is not its default. */
    public fun isGiven(name: String): Boolean = name in given

    internal fun requireSame(before: TransportConfig) {
        val isSame = maxMessageSize == before.maxMessageSize && maxBytesInFlight == before.maxBytesInFlight
        val isSameOtherwise = compression == before.compression && proxy == before.proxy && source === before.source
        require(isSame && isSameOtherwise) { "what a connector is told cannot be changed while the pool runs: $NAMES, tls" }
    }

    /** @throws IllegalArgumentException where any but [allowed] was given, saying [why] it is not to be. */
    public fun requireOnly(vararg allowed: String, why: String) {
        given.firstOrNull { it !in allowed }?.let { throw IllegalArgumentException("$it cannot be set here: $why") }
    }

    /** What a connector can be told. */
    @WebSocketPoolDsl
    public class Builder : TransportSettings() {
        /** @throws IllegalArgumentException naming the setting and its value, where one makes no sense. */
        public fun build(): TransportConfig = from(this)
    }

    internal companion object {
        private val NAMES = listOf("maxMessageSize", "maxBytesInFlight", "compression", "proxy")

        /** What a fragment may cost at the least: a smaller one would be mostly frame header and hop. */
        private const val LEAST_IN_FLIGHT = 1024

        fun from(settings: TransportSettings): TransportConfig = TransportConfig(settings)

        /** Its text shows no more than the scheme: a proxy's URL may hold a password. */
        private fun checkProxy(proxy: String) {
            val uri = try {
                URI(proxy)
            } catch (_: URISyntaxException) {
                null
            }
            require(uri?.scheme.equals("http", ignoreCase = true) && uri?.host != null && uri.port in 1..65_535) {
                "proxy must be http://host:port, or http://user:password@host:port"
            }
        }
    }
}

/** Makes the settings of a connector. */
public fun TransportConfig(configure: TransportConfig.Builder.() -> Unit = {}): TransportConfig =
    TransportConfig.Builder().apply(configure).build()
