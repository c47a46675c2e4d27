package dev.wspool.ktor.server

import dev.wspool.AnyPoolGroup
import dev.wspool.Discovery
import dev.wspool.Endpoint
import dev.wspool.GroupConfig
import dev.wspool.KeyedPoolGroup
import dev.wspool.PoolConfig
import dev.wspool.PoolException
import dev.wspool.PoolGroup
import dev.wspool.WebSocketPool
import dev.wspool.WebSocketPoolDsl
import dev.wspool.ktor.server.internal.Declared
import dev.wspool.ktor.server.internal.DeclaredGroup
import dev.wspool.ktor.server.internal.DeclaredPool
import dev.wspool.ktor.server.internal.Unavailable
import dev.wspool.ktor.webSocketPool
import dev.wspool.transport.Connector
import io.ktor.client.HttpClient
import io.ktor.server.application.ApplicationCall
import io.ktor.util.reflect.TypeInfo
import io.ktor.util.reflect.typeInfo
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * What [WebSocketPools] can be told. A setting that the application's configuration has as well, `wspool.drainTimeout`, is as it is
 * there.
 */
@WebSocketPoolDsl
public class WebSocketPoolsConfig internal constructor() {
    internal val declared = LinkedHashMap<String, Declared>()

    internal var unavailable: Unavailable = Unavailable.ByDefault

    /**
     * How long the application waits, while it stops, for the requests that had come before and for all leases; then what is left is
     * closed, which takes `closeTimeout` at most. CIO cancels requests after its `shutdownGracePeriod`, 1 s by default, whatever this
     * says: make that longer. Default: 5 s.
     */
    public var drainTimeout: Duration = 5.seconds

    /** How long opening connections ahead may keep the application from being ready. Default: 5 s. */
    public var warmUpTimeout: Duration = 5.seconds

    /** What a 503 says in `Retry-After`, in seconds, rounded up. Default: 1 s. */
    public var retryAfter: Duration = 1.seconds

    /**
     * Declares a pool, with the connector that is on the class path.
     *
     * @param name what it is asked for by, and what errors and logs call it.
     * @param url where it connects to; null where `wspool.pools.<name>.url` of the configuration says. Headers and subprotocols of the
     * handshake are the configuration's, or those of a pool that is given an [Endpoint].
     * @param warmUp how many connections are opened before the application is ready. Default: none.
     * @throws IllegalArgumentException where there is a pool or a group of that name already.
     */
    public fun pool(name: String, url: String? = null, warmUp: Int = 0, configure: PoolConfig.Builder.() -> Unit = {}) {
        declarePool(name, url?.let(::Endpoint), warmUp, configure, DeclaredPool::onClassPath)
    }

    /** As the other, on a [connector] of the caller's, which stays the caller's to close. */
    public fun pool(
        name: String,
        connector: Connector,
        endpoint: Endpoint,
        warmUp: Int = 0,
        configure: PoolConfig.Builder.() -> Unit = {},
    ) {
        declarePool(name, endpoint, warmUp, configure) { where, settings -> WebSocketPool(connector, where, settings) }
    }

    /** As the other, on a [client] of the caller's, as [HttpClient.webSocketPool] has it; it stays the caller's to close. */
    public fun pool(
        name: String,
        client: HttpClient,
        url: String? = null,
        warmUp: Int = 0,
        configure: PoolConfig.Builder.() -> Unit = {},
    ) {
        declarePool(name, url?.let(::Endpoint), warmUp, configure) { endpoint, settings -> client.webSocketPool(endpoint, settings) }
    }

    /**
     * Declares a group, with the connector that is on the class path: several endpoints of which each can serve every request.
     *
     * @param name what it is asked for by, and what errors and logs call it; no pool has it.
     * @param urls where it connects to; none where `wspool.groups.<name>.urls` of the configuration says.
     * @throws IllegalArgumentException where there is a pool or a group of that name already.
     */
    public fun group(name: String, vararg urls: String, configure: GroupConfig.Builder.() -> Unit = {}) {
        declare(DeclaredGroup.of(name, urls.asList(), configure))
    }

    /** As the other, for the endpoints that [discovery] finds; URLs that the configuration gives take its place. */
    public fun group(name: String, discovery: Discovery, configure: GroupConfig.Builder.() -> Unit = {}) {
        declare(DeclaredGroup.of(name, discovery, configure) { found, settings -> PoolGroup(found, settings) })
    }

    /** As the other, on a [connector] of the caller's, which stays the caller's to close. */
    public fun group(name: String, connector: Connector, discovery: Discovery, configure: GroupConfig.Builder.() -> Unit = {}) {
        declare(DeclaredGroup.of(name, discovery, configure) { found, settings -> PoolGroup(connector, found, settings) })
    }

    /**
     * Declares a group of a pool for each key, with the connector that is on the class path. What the configuration says of it,
     * `wspool.groups.<name>`, names no URLs.
     *
     * @param endpointOf where the pool of a key connects to.
     * @throws IllegalArgumentException where there is a pool or a group of that name already.
     */
    public inline fun <reified K : Any> keyedGroup(
        name: String,
        noinline endpointOf: (K) -> Endpoint,
        noinline configure: GroupConfig.Builder.() -> Unit = {},
    ) {
        declareKeyed(name, typeInfo<KeyedPoolGroup<K>>(), configure) { settings -> KeyedPoolGroup(endpointOf, settings) }
    }

    /** As the other, on a [connector] of the caller's, which stays the caller's to close. */
    public inline fun <reified K : Any> keyedGroup(
        name: String,
        connector: Connector,
        noinline endpointOf: (K) -> Endpoint,
        noinline configure: GroupConfig.Builder.() -> Unit = {},
    ) {
        declareKeyed(name, typeInfo<KeyedPoolGroup<K>>(), configure) { settings -> KeyedPoolGroup(connector, endpointOf, settings) }
    }

    /**
     * How a request is answered that fails with a [dev.wspool.BorrowTimeoutException], a [dev.wspool.TooManyWaitersException] or, while
     * the application stops, a [dev.wspool.PoolClosedException]; null leaves them to whoever else handles exceptions. Asked inside
     * of `StatusPages`, whatever the order in which the two are installed, and only where the answer has not begun. The exception's text
     * names sites and servers: it is for the log. Default: 503, `Retry-After`, and a sentence that says no more.
     */
    public fun onUnavailable(answer: (suspend (call: ApplicationCall, failure: PoolException) -> Unit)?) {
        unavailable = if (answer == null) Unavailable.Unanswered else Unavailable { call, failure, _ -> answer(call, failure) }
    }

    private fun declarePool(
        name: String,
        endpoint: Endpoint?,
        warmUp: Int,
        configure: PoolConfig.Builder.() -> Unit,
        make: (Endpoint, PoolConfig.Builder.() -> Unit) -> WebSocketPool,
    ) {
        require(warmUp >= 0) { "warmUp of the pool $name must not be negative: $warmUp" }
        declare(DeclaredPool(name, endpoint, warmUp, configure, make))
    }

    @PublishedApi
    internal fun declareKeyed(
        name: String,
        type: TypeInfo,
        configure: GroupConfig.Builder.() -> Unit,
        make: (GroupConfig.Builder.() -> Unit) -> AnyPoolGroup,
    ) {
        declare(DeclaredGroup.keyed(name, type, configure, make))
    }

    private fun declare(one: Declared) {
        require(one.name.isNotBlank()) { "A pool or group must have a name" }
        require(one.name !in declared) { "There is a \"${one.name}\" already; declared are: ${declared.keys.joinToString()}" }
        declared[one.name] = one
    }
}
