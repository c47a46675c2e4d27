package dev.wspool.ktor.server

import dev.wspool.AffinityKey
import dev.wspool.Endpoint
import dev.wspool.WebSocketPoolDsl
import dev.wspool.ktor.server.accept.AddressBlock
import dev.wspool.ktor.server.accept.Refused
import dev.wspool.ktor.server.accept.originOf
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.ApplicationCall
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** Who is let into an [AcceptedPool][dev.wspool.AcceptedPool]. All is checked before a place of the pool is taken. */
@WebSocketPoolDsl
public class AcceptSettings internal constructor() {
    internal val blocks = ArrayList<AddressBlock>()
    internal val origins = HashSet<String>()
    internal var isAnyOrigin = false
    internal var authenticate: (suspend AuthenticationScope.(ApplicationCall) -> AffinityKey?)? = null

    /**
     * How many connections one address may have, those included whose handshake goes on. Of IPv6 the /64 counts, of which a client has any
     * address that it likes. Default: no limit.
     */
    public var maxPerAddress: Int = Int.MAX_VALUE
        set(value) {
            require(value >= 1) { "maxPerAddress must be at least 1, not $value" }
            field = value
        }

    /** How many connections the owner that [authenticate] names may have. Default: no limit. */
    public var maxPerOwner: Int = Int.MAX_VALUE
        set(value) {
            require(value >= 1) { "maxPerOwner must be at least 1, not $value" }
            field = value
        }

    /**
     * How many clients are let in within a second, on the average; a second's worth at once. Those count that [authenticate] or the pool
     * then refuses, as asking has its cost, and those do not whom [maxPerAddress] does. Default: no limit.
     */
    public var maxAcceptsPerSecond: Double = Double.POSITIVE_INFINITY
        set(value) {
            require(value > 0) { "maxAcceptsPerSecond must be positive, not $value" }
            field = value
        }

    /** The subprotocols that the server speaks; of those that the client offers its first that is among them is chosen. Default: none. */
    public var subprotocols: List<String> = emptyList()
        set(value) {
            Endpoint("ws://accepted", subprotocols = value) // refuses what cannot be sent, as a client does
            field = value
        }

    /** What `Retry-After` tells who is refused for want of room, in seconds, rounded up. Default: 5 s. */
    public var retryAfter: Duration = 5.seconds
        set(value) {
            require(!value.isNegative()) { "retryAfter must not be negative: $value" }
            field = value
        }

    /**
     * How long the pool may drain while the application stops; then it is closed. Zero leaves it alone. Where [WebSocketPools] is installed
     * it lends, within this time, until the requests are answered that had come before, and drains with the pools of that. Default: 10 s.
     */
    public var drainTimeout: Duration = 10.seconds
        set(value) {
            require(!value.isNegative()) { "drainTimeout must not be negative: $value" }
            field = value
        }

    /**
     * Lets in these addresses alone: CIDR blocks or single addresses, IPv4 or IPv6. May be called again for more. Default: all.
     *
     * The address is the socket's. Behind a proxy install Ktor's `XForwardedHeaders` or `ForwardedHeaders`, and let nobody past the
     * proxy: without such a plugin those headers mean nothing here.
     *
     * @throws IllegalArgumentException where one is no address and no block.
     */
    public fun allowAddresses(vararg blocks: String) {
        blocks.mapTo(this.blocks, AddressBlock::parse)
    }

    /**
     * Lets in the pages of these origins (`https://app.example.com`), beside those of the server's own. Who is no browser sends no origin
     * and is let in. Default: the server's own alone, as a page of another may speak with the cookies of who looks at it.
     *
     * @throws IllegalArgumentException where one is no origin.
     */
    public fun allowOrigins(vararg origins: String) {
        origins.mapTo(this.origins) { requireNotNull(originOf(it)) { "\"$it\" is no origin: https://host, or with a port" } }
    }

    /** Lets in the pages of all origins: where clients authenticate themselves with more than a cookie. */
    public fun allowAnyOrigin() {
        isAnyOrigin = true
    }

    /**
     * Asked with each upgrade whose the connection will be; null where it is nobody's. Refuses by [AuthenticationScope.refuse]. Within
     * the pool's `connectTimeout`; what it throws is the application's to handle, and nobody is let in.
     */
    public fun authenticate(check: suspend AuthenticationScope.(call: ApplicationCall) -> AffinityKey?) {
        authenticate = check
    }
}

/** What [AcceptSettings.authenticate] can do beside to name the owner. */
@WebSocketPoolDsl
public class AuthenticationScope internal constructor() {
    /** Does not let the client in. */
    public fun refuse(status: HttpStatusCode = HttpStatusCode.Unauthorized): Nothing = throw Refused(status)
}
