package dev.wspool.ktor.server

import dev.wspool.Endpoint
import dev.wspool.PoolConfig
import dev.wspool.PoolException
import dev.wspool.WebSocketPool
import dev.wspool.WebSocketPoolDsl
import dev.wspool.ktor.server.internal.DeclaredPool
import dev.wspool.ktor.webSocketPool
import dev.wspool.transport.Connector
import io.ktor.client.HttpClient
import io.ktor.server.application.ApplicationCall
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * What [WebSocketPools] can be told. A setting that the application's configuration has as well, `wspool.drainTimeout`, is as it is
 * there.
 */
@WebSocketPoolDsl
public class WebSocketPoolsConfig internal constructor() {
    internal val pools = LinkedHashMap<String, DeclaredPool>()

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
     * @throws IllegalArgumentException where there is a pool of that name already.
     */
    public fun pool(name: String, url: String? = null, warmUp: Int = 0, configure: PoolConfig.Builder.() -> Unit = {}) {
        declare(name, url?.let(::Endpoint), warmUp, configure, DeclaredPool::onClassPath)
    }

    /** As the other, on a [connector] of the caller's, which stays the caller's to close. */
    public fun pool(
        name: String,
        connector: Connector,
        endpoint: Endpoint,
        warmUp: Int = 0,
        configure: PoolConfig.Builder.() -> Unit = {},
    ) {
        declare(name, endpoint, warmUp, configure) { where, settings -> WebSocketPool(connector, where, settings) }
    }

    /** As the other, on a [client] of the caller's, as [HttpClient.webSocketPool] has it; it stays the caller's to close. */
    public fun pool(
        name: String,
        client: HttpClient,
        url: String? = null,
        warmUp: Int = 0,
        configure: PoolConfig.Builder.() -> Unit = {},
    ) {
        declare(name, url?.let(::Endpoint), warmUp, configure) { endpoint, settings -> client.webSocketPool(endpoint, settings) }
    }

    /**
     * How a request is answered that fails with a [dev.wspool.BorrowTimeoutException], a [dev.wspool.TooManyWaitersException] or, while
     * the application stops, a [dev.wspool.PoolClosedException]; null leaves them to whoever else handles exceptions. Asked inside
     * of `StatusPages`, whatever the order in which the two are installed, and only where the answer has not begun. The exception's text
     * names sites and servers: it is for the log. Default: 503, `Retry-After`, and a sentence that says no more.
     */
    public fun onUnavailable(answer: (suspend (call: ApplicationCall, failure: PoolException) -> Unit)?) {
        unavailable = if (answer == null) Unavailable.Unanswered else Unavailable.By(answer)
    }

    private fun declare(
        name: String,
        endpoint: Endpoint?,
        warmUp: Int,
        configure: PoolConfig.Builder.() -> Unit,
        make: (Endpoint, PoolConfig.Builder.() -> Unit) -> WebSocketPool,
    ) {
        require(name.isNotBlank()) { "A pool must have a name" }
        require(name !in pools) { "There are two pools called \"$name\"; declared are: ${pools.keys.joinToString()}" }
        require(warmUp >= 0) { "warmUp of the pool $name must not be negative: $warmUp" }
        pools[name] = DeclaredPool(name, endpoint, warmUp, configure, make)
    }
}

/** What becomes of a request for which there was no connection. */
internal sealed interface Unavailable {
    object ByDefault : Unavailable

    object Unanswered : Unavailable

    class By(val answer: suspend (ApplicationCall, PoolException) -> Unit) : Unavailable
}
