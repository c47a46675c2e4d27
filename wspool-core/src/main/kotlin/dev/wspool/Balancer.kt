package dev.wspool

/**
 * Chooses which endpoint of a [PoolGroup] is to serve a borrower: a pure function of what it is shown, so it has no state, asks nobody and
 * is the same for the same choice.
 *
 * It chooses among the endpoints that serve; where one of those has failed lately, or does not answer, among the others. Whoever it
 * chooses: where that one has nothing at once and another has, the other serves, and the chosen one connects for the next.
 */
public fun interface Balancer {
    /** The index of one of [BalancerChoice.endpoints]. Where it throws, or there is none of that index, the least loaded serves. */
    public fun choose(choice: BalancerChoice): Int

    /** True where a borrower with an [AffinityKey] waits for the endpoint that was chosen for it, as long as that serves. */
    public val isSticky: Boolean get() = false

    /** One after the other. */
    public object RoundRobin : Balancer {
        override fun choose(choice: BalancerChoice): Int = (choice.number % choice.endpoints.size).toInt()

        override fun toString(): String = "RoundRobin"
    }

    /** The one of which the smallest part is in use; of equals one after the other. */
    public object LeastLeased : Balancer {
        override fun choose(choice: BalancerChoice): Int {
            val endpoints = choice.endpoints
            val least = endpoints.minOf { it.utilization }
            var left = (choice.number % endpoints.count { it.utilization == least }).toInt()
            return endpoints.indexOfFirst { it.utilization == least && left-- == 0 }
        }

        override fun toString(): String = "LeastLeased"
    }

    /**
     * Of two by chance the one with fewer leases for its speed: leases and the one asked for, by the smoothed round trip of the pool's
     * pings. One that was not measured yet is as quick as the other, and one that is full has the lot only with another that is. Many groups that see the same do not all choose the same (Mitzenmacher, "The Power of Two Choices", 2001).
     */
    public object PowerOfTwoChoices : Balancer {
        override fun choose(choice: BalancerChoice): Int {
            val size = choice.endpoints.size
            if (size == 1) return 0
            val chance = choice.chance ushr 1
            val one = (chance % size).toInt()
            val other = (one + 1 + (chance / size % (size - 1)).toInt()) % size
            return if (isBetter(choice.endpoints[other], choice.endpoints[one])) other else one
        }

        private fun isBetter(other: EndpointLoad, one: EndpointLoad): Boolean {
            if (other.isFull != one.isFull) return one.isFull
            val areMeasured = other.roundTrip.isPositive() && one.roundTrip.isPositive()
            return other.share * (if (areMeasured) other.micros else 1) < one.share * (if (areMeasured) one.micros else 1)
        }

        private val EndpointLoad.isFull: Boolean get() = leases >= capacity

        private val EndpointLoad.share: Double get() = (leases + 1.0) / capacity

        private val EndpointLoad.micros: Long get() = maxOf(roundTrip.inWholeMicroseconds, 1)

        override fun toString(): String = "PowerOfTwoChoices"
    }

    /**
     * One key, one endpoint, as long as it serves; the keys of one that is gone are spread over the others, and all others stay
     * (rendezvous hashing: Thaler and Ravishankar, 1998). A borrower without an [AffinityKey] gets the least leased.
     */
    public object ConsistentHash : Balancer {
        override val isSticky: Boolean get() = true

        override fun choose(choice: BalancerChoice): Int {
            val key = choice.key ?: return LeastLeased.choose(choice)
            val seen = HashMap<Int, Int>()
            return choice.endpoints.withIndex().maxBy { (_, load) ->
                val place = load.endpoint.run { url.hashCode() * 31 + ipAddress.hashCode() }
                // Headers may be credentials, which change: of endpoints at the same place the first is told from the second.
                mixed(key.hashCode(), place * 31 + (seen.merge(place, 1, Int::plus) ?: 1))
            }.index
        }

        /** As in SplittableRandom: hashes of like strings are alike. */
        private fun mixed(key: Int, place: Int): Long {
            var bits = (key.toLong() shl Int.SIZE_BITS) xor place.toLong()
            bits = (bits xor (bits ushr 30)) * -0x40a7b892e31b1a47L
            bits = (bits xor (bits ushr 27)) * -0x6b2fb644ecceee15L
            return bits xor (bits ushr 31)
        }

        override fun toString(): String = "ConsistentHash"
    }
}

/**
 * What a [Balancer] chooses by.
 *
 * @property endpoints those that serve, at least one, always in the same order.
 * @property number counts the group's choices.
 * @property chance any number, another each time.
 * @property key what the borrower is known by, or null.
 */
public class BalancerChoice internal constructor(
    public val endpoints: List<EndpointLoad>,
    public val number: Long,
    public val chance: Long,
    public val key: AffinityKey?,
)

/**
 * How busy an endpoint of a group is.
 *
 * @property capacity how many leases there may be.
 * @property leases how many there are, or are about to be.
 * @property idle connections that could be lent at once.
 * @property connecting connections that are being opened.
 * @property roundTrip the smoothed round trip of the pool's pings; zero before the first.
 */
public class EndpointLoad internal constructor(
    public val endpoint: Endpoint,
    public val capacity: Int,
    public val leases: Int,
    public val idle: Int,
    public val connecting: Int,
    public val roundTrip: kotlin.time.Duration,
) {
    /** [leases] by [capacity]. */
    public val utilization: Double get() = leases.toDouble() / capacity
}
