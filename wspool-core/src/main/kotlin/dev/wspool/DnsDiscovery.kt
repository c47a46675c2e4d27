package dev.wspool

import dev.wspool.internal.HostWatch
import dev.wspool.internal.isIpLiteral
import dev.wspool.internal.lookUp
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import java.net.InetAddress
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * All addresses of a host, each as the endpoint [at][Endpoint.at] that address: connections are spread over the machines behind one name,
 * while the `Host` header and the check of the certificate stay those of the name.
 *
 * The name is looked up at once, again and again after [interval], and soon after a connection to one of the addresses has failed. A set
 * is told only where it differs from the one before. A lookup that fails, finds nothing or takes longer than 30 seconds leaves the last
 * set in force; before there is one, it is repeated after [minInterval], and then after twice as long each time, up to 30 seconds or
 * [interval], whichever is shorter. The log says when lookups begin to fail (WARN), and when they succeed again (INFO). A host that is
 * an IP address is not looked up, and its one endpoint is the one that was given.
 *
 * **The JVM caches what it looks up**: addresses for 30 seconds by default and failures for 10, by its security properties
 * `networkaddress.cache.ttl` and `networkaddress.cache.negative.ttl`; with a security manager addresses are kept for ever. Looking up more
 * often than that shows nothing new, neither by [interval] nor after a failure. Lower the properties before the first lookup, or give a
 * [resolve] that asks DNS itself.
 *
 * It needs a connector that obeys [Endpoint.ipAddress], as wspool's own engine does without a proxy.
 *
 * @param endpoint whose host is looked up.
 * @param interval the time from one lookup's end to the next. It may be infinite: then only failures bring one about.
 * @param minInterval the shortest time from one lookup's end to the next, however many connections fail meanwhile.
 * @param resolve all addresses of a host. It must not block its thread, and is cancelled when the group closes. Whatever it throws
 * is a lookup that has failed. Default: the system's resolver, on threads of wspool's own that it may block; one that is cancelled is
 * not waited for.
 * @throws IllegalArgumentException where [endpoint] is at an address already, or a span makes no sense.
 */
public class DnsDiscovery(
    private val endpoint: Endpoint,
    private val interval: Duration = 30.seconds,
    private val minInterval: Duration = 1.seconds,
    private val resolve: suspend (host: String) -> Collection<InetAddress> = { host -> lookUp(host) },
) : Discovery {
    init {
        require(endpoint.ipAddress == null) { "endpoint is at an address already: $endpoint" }
        require(minInterval.isPositive() && minInterval.isFinite()) { "minInterval must be positive and finite, not $minInterval" }
        require(interval >= minInterval) { "interval ($interval) must not be below minInterval ($minInterval)" }
    }

    override fun endpoints(failures: Flow<Endpoint>): Flow<Set<Endpoint>> {
        if (endpoint.host.isIpLiteral) return flowOf(setOf(endpoint))
        return flow { HostWatch(endpoint, interval, minInterval, resolve).watch(failures, ::emit) }
    }

    override fun toString(): String = "the addresses of $endpoint, looked up every $interval"
}
