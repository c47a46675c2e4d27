package dev.wspool.internal.machine

/** Settings of [Circuit]; spans are nanoseconds. */
internal class EjectionLimits(
    /** So many failures within [window] eject. */
    @JvmField internal val failures: Int = 5,
    @JvmField internal val window: Long = 30_000_000_000L,
    /** How long the first ejection lasts; each that follows soon lasts twice as long as the one before. */
    @JvmField internal val firstTime: Long = 10_000_000_000L,
    @JvmField internal val longestTime: Long = 300_000_000_000L,
)

/**
 * Whether an endpoint of a group may serve. Where it fails too often it is *ejected*: it lends nothing and is not dialled. When its time
 * is over one dial of the group's own, a *probe*, decides: it serves again, or is ejected for longer. Callers never wait for a probe.
 *
 * @property mayEject whether one more may be ejected: never more than half of a group are.
 */
internal class Circuit(private val limits: EjectionLimits, private val mayEject: () -> Boolean, private val changed: (Circuit) -> Unit) {
    var state = CircuitState.CLOSED
        private set

    /** When the present ejection is over, or [NEVER]. */
    var ejectedUntil = NEVER
        private set

    /** A dial has failed, and none has gone well since: one is to be made although nobody may ask for it. */
    var isProbeWanted = false
        private set

    /** When the last failures were, as many as eject: the oldest is overwritten next. */
    private val failedAt = LongArray(limits.failures)
    private var failures = 0

    /** How many ejections have followed each other. */
    private var times = 0
    private var servesSince = 0L

    fun failed(now: Long) {
        isProbeWanted = true
        if (state == CircuitState.HALF_OPEN) return eject(now)
        if (state == CircuitState.OPEN) return
        failedAt[failures++ % failedAt.size] = now
        if (failures >= failedAt.size && now - failedAt[failures % failedAt.size] <= limits.window && mayEject()) eject(now)
    }

    /** A dial went well. */
    fun connected(now: Long) {
        isProbeWanted = false
        if (state == CircuitState.HALF_OPEN) close(now)
    }

    /** Its time is over where it has come. */
    fun tick(now: Long) {
        if (state != CircuitState.OPEN || ejectedUntil > now) return
        isProbeWanted = true
        enter(CircuitState.HALF_OPEN, until = NEVER)
    }

    /** It serves again, whatever it did: else too few would. */
    fun readmit(now: Long) {
        if (state != CircuitState.CLOSED) close(now)
    }

    private fun eject(now: Long) {
        if (state == CircuitState.CLOSED && now - servesSince > limits.longestTime) times = 0
        val doublings = times.coerceAtMost(MOST_DOUBLINGS)
        val isLongest = limits.firstTime > (limits.longestTime shr doublings) // without overflow
        times++
        enter(CircuitState.OPEN, now.plusSpan(if (isLongest) limits.longestTime else limits.firstTime shl doublings))
    }

    private fun close(now: Long) {
        failures = 0
        servesSince = now
        enter(CircuitState.CLOSED, until = NEVER)
    }

    private fun enter(next: CircuitState, until: Long) {
        state = next
        ejectedUntil = until
        changed(this)
    }

    private companion object {
        const val MOST_DOUBLINGS = 20
    }
}

internal enum class CircuitState {
    /** The endpoint serves. */
    CLOSED,

    /** It is ejected. */
    OPEN,

    /** Its time is over, and a probe decides. */
    HALF_OPEN,
}
