package dev.wspool.java;

import dev.wspool.Discovery;
import dev.wspool.Endpoint;
import dev.wspool.internal.java.Hooks;
import dev.wspool.internal.java.Spans;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import kotlinx.coroutines.flow.MutableStateFlow;
import kotlinx.coroutines.flow.StateFlowKt;

/**
 * Endpoints that an app {@linkplain #tell tells}, those that DNS knows, and those that never change.
 *
 * <pre>{@code
 * Discovery named = JavaDiscovery.dns(new Endpoint("wss://prices.example.com/v2"));
 *
 * var registry = new JavaDiscovery(Set.of(new Endpoint("ws://10.0.0.7/"))); // one may serve many groups, and outlive them
 * // given to a group: registry.discovery()
 * registry.tell(Set.of(new Endpoint("ws://10.0.0.8/")));
 * }</pre>
 */
public final class JavaDiscovery {
    private final MutableStateFlow<Set<Endpoint>> sets;
    private final Discovery discovery;

    /**
     * Makes one that knows {@code initial} until it is told otherwise.
     *
     * @param initial all endpoints there are now; none, where there are none yet.
     */
    public JavaDiscovery(Collection<Endpoint> initial) {
        sets = StateFlowKt.MutableStateFlow(copy(initial));
        discovery = Discovery.Companion.of(sets);
    }

    /**
     * Tells all groups that have it. From any thread; it returns at once, and groups know a moment later. Of sets that follow each other fast a
     * group may see the last alone.
     *
     * @param endpoints all there are, instead of those before; the same again mean nothing.
     */
    public void tell(Collection<Endpoint> endpoints) {
        sets.setValue(copy(endpoints));
    }

    /**
     * What groups are given.
     *
     * @return the same each time.
     */
    public Discovery discovery() {
        return discovery;
    }

    /**
     * Always the same endpoints.
     *
     * @param endpoints all there are.
     * @return these.
     * @throws IllegalArgumentException where there is none.
     */
    public static Discovery fixed(Endpoint... endpoints) {
        for (Endpoint endpoint : endpoints) Objects.requireNonNull(endpoint, "endpoints");
        return Discovery.Companion.fixed(endpoints);
    }

    /**
     * All addresses of a host by the system's resolver, looked up as often as Kotlin's default is; see {@link dev.wspool.DnsDiscovery}.
     *
     * @param endpoint whose host is looked up.
     * @return the endpoint at each of them.
     * @throws IllegalArgumentException where the endpoint is at an address already.
     */
    public static Discovery dns(Endpoint endpoint) {
        return Spans.dns(endpoint);
    }

    /**
     * All addresses of a host by the system's resolver, whose answers the JVM caches: see {@link dev.wspool.DnsDiscovery}.
     *
     * @param endpoint whose host is looked up.
     * @param interval the time between two lookups. Kotlin's default: 30 s.
     * @param minInterval the shortest time between two, however many connections fail. Kotlin's default: 1 s.
     * @return the endpoint at each of them.
     * @throws IllegalArgumentException where the endpoint is at an address already, or a span makes no sense.
     */
    public static Discovery dns(Endpoint endpoint, Duration interval, Duration minInterval) {
        return Spans.dns(endpoint, JavaTimes.nanos(interval), JavaTimes.nanos(minInterval));
    }

    /**
     * All addresses of a host by a resolver of yours. It runs on a thread for hooks, where it may block; it is interrupted after 30 seconds,
     * and when the group closes. Whatever it throws is a lookup that has failed.
     *
     * @param endpoint whose host is looked up.
     * @param interval the time between two lookups.
     * @param minInterval the shortest time between two, however many connections fail.
     * @param resolver all addresses of a host.
     * @return the endpoint at each of them.
     * @throws IllegalArgumentException where the endpoint is at an address already, or a span makes no sense.
     */
    public static Discovery dns(
            Endpoint endpoint,
            Duration interval,
            Duration minInterval,
            JavaHook<String, Collection<InetAddress>> resolver) {
        Objects.requireNonNull(resolver, "resolver");
        return Hooks.dns(endpoint, JavaTimes.nanos(interval), JavaTimes.nanos(minInterval), resolver::call);
    }

    private static Set<Endpoint> copy(Collection<Endpoint> endpoints) {
        Set<Endpoint> copy = new LinkedHashSet<>(endpoints);
        if (copy.contains(null))
            throw new NullPointerException("endpoints"); // one would end the listening of all groups
        return copy;
    }
}
