package dev.wspool

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flowOf

/**
 * Which endpoints there are, as it changes. In Java made by `dev.wspool.java.JavaDiscovery`.
 *
 * One discovery may serve several groups, each of which collects it for itself. See [DnsDiscovery] for the addresses of a name.
 */
public fun interface Discovery {
    /**
     * The endpoints: each set replaces the one before; an empty one says that there are none.
     *
     * Collected by the group as long as it is open, and cancelled when it closes. A flow that completes leaves its last set in force.
     *
     * @param failures tells of endpoints that a connection to has failed lately: a reason to look again, and to be ignored by whoever has
     * nothing to look at. It never completes, and misses nothing to one who collects it from the beginning on.
     */
    public fun endpoints(failures: Flow<Endpoint>): Flow<Set<Endpoint>>

    /** Makes the plain ones. */
    public companion object {
        /**
         * Always the same endpoints.
         *
         * @throws IllegalArgumentException where there is none.
         */
        public fun fixed(vararg endpoints: Endpoint): Discovery {
            require(endpoints.isNotEmpty()) { "fixed needs an endpoint" }
            return FixedDiscovery(endpoints.toSet())
        }

        /** What [flow] says; a `StateFlow`, say, that is told by whoever knows. */
        public fun of(flow: Flow<Set<Endpoint>>): Discovery = Discovery { flow }
    }
}

/** Known from the beginning, so that whoever makes a group of them is told what is wrong with their settings. */
internal class FixedDiscovery(val all: Set<Endpoint>) : Discovery {
    override fun endpoints(failures: Flow<Endpoint>): Flow<Set<Endpoint>> = flowOf(all)
}
