package dev.wspool.internal.machine

/**
 * Says when a dial may be made: so many at once, so many in a time, and after a failure none until a delay is over that
 * grows with each further one, and then one ahead of the rest. A server that is down is asked ever more seldom, whatever the
 * demand.
 */
internal class DialGovernor(internal var limits: DialLimits, private val jitter: Jitter) {
    private var failuresInARow = 0

    /** What a dial costs of the time, on the average; see [AdaptiveCapacity]. */
    @JvmField internal var connectInterval: Long = 0

    /** Dials up to this one were under way at the last failure: theirs are the same failure. */
    private var sameUpTo = 0L

    /** When the tokens of all dials made are used up: the token bucket, written as the one number that it is. */
    private var bucketEmptyUntil = Long.MIN_VALUE / 2

    /** When the next dial may be made, after a failure. */
    private var heldUntil: Long = 0

    /** Until when the server has asked to be left alone: a dial that was under way then does not answer for it. */
    private var askedUntil: Long = 0

    /** True after a failure, until a dial goes well. */
    val isBackingOff: Boolean get() = failuresInARow > 0

    /** The last failure to connect, or null where the last dial went well. */
    var lastFailure: Throwable? = null
        private set

    /** True after a failure that will not heal: who asks is told so, until a dial may be made to see whether it has. */
    private var isStopped = false

    /** How many connections in a row were closed for speaking unasked before any had served. */
    var unsolicitedInARow: Int = 0
        private set

    fun isStopped(now: Long): Boolean = isStopped && now < maxOf(heldUntil, askedUntil)

    fun permits(now: Long, connecting: Int): Boolean = permittedFrom(connecting) <= now

    /** When a dial may be made; [NEVER] while one that is under way has to be answered first. */
    fun permittedFrom(connecting: Int): Long = when {
        connecting >= limits.maxConcurrentConnects -> NEVER
        failuresInARow == 0 -> maxOf(tokenFrom, askedUntil)
        connecting > 0 -> NEVER // half open: one goes ahead
        else -> maxOf(tokenFrom, heldUntil, askedUntil)
    }

    private val tokenFrom: Long get() = bucketEmptyUntil - connectInterval * (limits.connectBurst - 1)

    fun dialled(now: Long) {
        bucketEmptyUntil = maxOf(bucketEmptyUntil, now) + connectInterval
    }

    /** A dial went well. Where connections open and then speak unasked, that is no success yet. */
    fun succeeded() {
        if (unsolicitedInARow == 0) recover()
    }

    /** A connection has served a caller: now the dials that led to it have gone well. True where that was in doubt. */
    fun served(): Boolean {
        if (unsolicitedInARow == 0) return false
        recover()
        return true
    }

    /** All is as if nothing had failed: who asks for this knows better. */
    fun forgive() {
        recover()
        askedUntil = 0
    }

    private fun recover() {
        failuresInARow = 0
        unsolicitedInARow = 0
        lastFailure = null
        isStopped = false
        heldUntil = 0
    }

    /**
     * The dial [number] failed, of [made]. True where that is more than was known.
     *
     * @param atLeast how long the server has asked to be left alone.
     */
    fun failed(number: Long, made: Long, failure: Throwable, isPermanent: Boolean, atLeast: Long, now: Long): Boolean {
        val isAnother = backOff(number, made, now, stops = isPermanent)
        if (isPermanent || isAnother || !isStopped) { // what was under way does not hide why all was stopped
            lastFailure = failure
            isStopped = isPermanent
        }
        leaveAlone(atLeast, now)
        return isAnother
    }

    /** The connection [number] was closed for speaking unasked: as a failed dial, or the pool would dial and close for ever. */
    fun spokeUnasked(number: Long, made: Long, now: Long): Boolean {
        unsolicitedInARow++
        return backOff(number, made, now)
    }

    /** The connection [number] ended in a way that [aftermath] says what to do about. */
    fun lost(number: Long, made: Long, aftermath: Aftermath, now: Long) {
        if (aftermath.stopsFor != null) {
            lastFailure = aftermath.stopsFor
            isStopped = true
        }
        if (aftermath.backsOff) backOff(number, made, now, stops = aftermath.stopsFor != null)
        if (aftermath.holdTo > 0) {
            failuresInARow = maxOf(failuresInARow, 1)
            leaveAlone(aftermath.holdFrom + (aftermath.holdTo - aftermath.holdFrom).jittered(jitter), now)
        }
    }

    private fun leaveAlone(span: Long, now: Long) {
        if (span > 0) askedUntil = maxOf(askedUntil, now.plusSpan(span))
    }

    /** Full jitter: any delay up to one that doubles, so that many pools do not come back together. False where it is on already. */
    private fun backOff(number: Long, made: Long, now: Long, stops: Boolean = false): Boolean {
        val isSame = failuresInARow > 0 && number <= sameUpTo // what was under way together fails together: one failure
        if (isSame && (!stops || now < heldUntil)) return false // but a stop without a delay would stop nothing
        sameUpTo = made
        val doublings = failuresInARow.coerceAtMost(MOST_DOUBLINGS)
        val isLongest = limits.firstBackoff > (limits.longestBackoff shr doublings) // without overflow
        heldUntil = now.plusSpan((if (isLongest) limits.longestBackoff else limits.firstBackoff shl doublings).jittered(jitter))
        failuresInARow++
        return true
    }

    private companion object {
        const val MOST_DOUBLINGS = 20
    }
}
