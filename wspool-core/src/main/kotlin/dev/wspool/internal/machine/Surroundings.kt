package dev.wspool.internal.machine

/**
 * What is told of the world that the pool works in. It is not asked: a pool that is told nothing has a network, and is in front.
 *
 * @property isConnected there is a network.
 * @property network which one, or null where that is not known: connections over another have lost their way.
 * @property isInFront somebody looks at what the pool is for.
 * @property isRefusing without a network who wants a connection is refused; else he waits, as in any pause.
 * @property background what becomes of the pool while it is not in front.
 */
internal class Surroundings(
    internal val isConnected: Boolean = true,
    internal val network: Any? = null,
    internal val isInFront: Boolean = true,
    internal val isRefusing: Boolean = false,
    internal val background: BackgroundMode = BackgroundMode.KEEP,
) {
    val isRefused: Boolean get() = isRefusing && !isConnected
    val isSuspended: Boolean get() = !isInFront && background == BackgroundMode.SUSPEND

    /** How many may lie idle, of those that [limits] allow. */
    fun maxIdle(limits: Limits): Int = when {
        isInFront || background == BackgroundMode.KEEP -> limits.maxIdle
        background == BackgroundMode.SHRINK -> minOf(limits.minIdle, limits.maxIdle)
        else -> 0
    }
}

/** What becomes of a pool that nobody looks at. */
internal enum class BackgroundMode { KEEP, SHRINK, SUSPEND }

/**
 * The world is as [to] says. Without a network nothing is dialled, lent or pinged; over another one all connections that were
 * there retire; and what may have died unseen, without a network or in the background, is proved before it is lent.
 *
 * A pool that drains or is closed takes no notice: it is on its way out, and whom it has promised to serve it serves as it can.
 */
internal fun PoolMachine.surroundingsChanged(to: Surroundings, now: Long) {
    if (phase != Phase.OPEN && phase != Phase.PAUSED) return
    val hasComeToFront = to.isInFront && !surroundings.isInFront
    surroundings = to
    ledger.maxIdle = to.maxIdle(limits) // before anything comes to be idle
    if (!to.isConnected) hold(PauseCause.NETWORK, Ending.NETWORK_CHANGED)
    if (to.isSuspended) hold(PauseCause.BACKGROUND, Ending.SURPLUS)
    if (!to.isConnected && !health.isResting) rest(now)
    boundIdle(now)
    if (to.isRefused) queue.refuseAll(Refusal.NO_NETWORK)
    if (to.isConnected) {
        if (isOtherNetwork(to.network)) moveTo(now)
        if (health.isResting) health.wake(now) // before anything is lent
    }
    if (hasComeToFront) health.suspect(now)
    if (to.isConnected) letGo(PauseCause.NETWORK)
    if (!to.isSuspended) letGo(PauseCause.BACKGROUND)
    effects.wake() // to sleep on: what was due may be so no more
    freed(now)
}

/** Pauses for [cause]; dials that are under way are given up, for [ending]. */
private fun PoolMachine.hold(cause: PauseCause, ending: Ending) {
    if (lifecycle.isPausedBy(cause)) return
    lifecycle.pause(cause)
    for (slot in roster.slots) if (slot.state == SlotState.CONNECTING) departures.callOff(slot, ending)
}

private fun PoolMachine.letGo(cause: PauseCause) {
    if (lifecycle.isPausedBy(cause)) endPause(cause)
}

/** Nobody can answer a ping: none is sent, and none that is under way is waited for. */
private fun PoolMachine.rest(now: Long) {
    health.isResting = true
    for (slot in roster.slots.toList()) {
        when (slot.state) {
            SlotState.IDLE, SlotState.LEASED -> health.proved(slot, now)
            SlotState.CHECKING -> {
                health.proved(slot, now)
                reinstate(slot, now) // where the pause keeps it
            }
            else -> continue
        }
        ledger.reschedule(slot)
    }
}

private fun PoolMachine.isOtherNetwork(network: Any?): Boolean {
    if (network == null) return false
    val isOther = lastNetwork != null && lastNetwork != network
    lastNetwork = network
    return isOther
}

/** Connections over the old network retire; those in use are sure to be missed, and get successors. */
private fun PoolMachine.moveTo(now: Long) {
    for (slot in roster.slots) if (slot.state == SlotState.LEASED && slot.ending == null) supply.oweSuccessor()
    retireAll(Ending.NETWORK_CHANGED, dialsToo = true, now)
}

/** No more lie idle than may by the limits, and in the background. */
internal fun PoolMachine.boundIdle(now: Long) {
    ledger.maxIdle = surroundings.maxIdle(limits)
    while (roster.idle.size > ledger.maxIdle) departures.retire(roster.idle.first ?: break, Ending.SURPLUS, now)
}
