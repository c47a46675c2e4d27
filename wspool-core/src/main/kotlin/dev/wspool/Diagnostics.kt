package dev.wspool

import kotlin.time.Duration

/**
 * What a pool watches of its borrowers beyond what it needs for its work. All is off by default, and costs nothing then: what is
 * measured takes two looks at the clock for each borrow, and a borrow site a stack trace.
 *
 * @property measureTimes [PoolStats.borrowTimes] and [PoolStats.useTimes] are measured.
 * @property borrowSites where each lease was borrowed is noted, for [PoolReport] and leaks.
 * @property leakDetection whether a [Lease] that nobody can give back any more is found, reported and its connection closed. Leases of
 * shared connections are not watched.
 * @property leakThreshold for how long a lease may lie untouched after the job of its borrower has completed; then a leak is suspected
 * and reported. Infinite: for ever. Java's threads have no job, and `tryBorrow` knows of none: such leases are never suspected.
 * @property reclaimLeaks the connection of a suspected leak is closed, and the lease of it ended.
 * @property verbose what connections go through is logged as INFO instead of DEBUG.
 */
public class Diagnostics(
    public val measureTimes: Boolean = false,
    public val borrowSites: Boolean = false,
    public val leakDetection: LeakDetection = LeakDetection.Off,
    public val leakThreshold: Duration = Duration.INFINITE,
    public val reclaimLeaks: Boolean = false,
    public val verbose: Boolean = false,
) {
    init {
        require(leakThreshold.isPositive()) { "diagnostics.leakThreshold must be positive, not $leakThreshold" }
        require(!reclaimLeaks || leakThreshold.isFinite()) { "diagnostics.reclaimLeaks needs a leakThreshold: when a leak is suspected" }
    }

    /** True where each borrow is looked at. */
    internal val watchesBorrows: Boolean get() = measureTimes || borrowSites || watchesLeases

    /** True where leases are looked after, once they are lent. */
    internal val watchesLeases: Boolean get() = leakDetection != LeakDetection.Off || leakThreshold.isFinite()

    /**
     * As this one but for what is given: `reconfigure { diagnostics = diagnostics.copy(verbose = true) }` leaves the rest as it was.
     *
     * @throws IllegalArgumentException where the threshold is not positive, or leaks are to be reclaimed without one.
     */
    public fun copy(
        measureTimes: Boolean = this.measureTimes,
        borrowSites: Boolean = this.borrowSites,
        leakDetection: LeakDetection = this.leakDetection,
        leakThreshold: Duration = this.leakThreshold,
        reclaimLeaks: Boolean = this.reclaimLeaks,
        verbose: Boolean = this.verbose,
    ): Diagnostics = Diagnostics(measureTimes, borrowSites, leakDetection, leakThreshold, reclaimLeaks, verbose)

    private val all: List<Any> get() = listOf(measureTimes, borrowSites, leakDetection, leakThreshold, reclaimLeaks, verbose)

    override fun equals(other: Any?): Boolean = other is Diagnostics && other.all == all

    override fun hashCode(): Int = all.hashCode()

    override fun toString(): String = "measureTimes $measureTimes, borrowSites $borrowSites, leakDetection $leakDetection, " +
        "leakThreshold $leakThreshold, reclaimLeaks $reclaimLeaks, verbose $verbose"
}

/** Of which leases it is found out that nobody can give them back any more. */
public enum class LeakDetection {
    Off,

    /** One in 64. */
    Sampled,

    All,
}
