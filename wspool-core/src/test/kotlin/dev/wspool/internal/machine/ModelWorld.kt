package dev.wspool.internal.machine

import dev.wspool.internal.machine.SimulatedSlot.Life

/** What the [PoolModel] knows of the world: why the pool is paused, whether a ping can be answered, and how many may lie idle. */
internal class ModelWorld(private val model: PoolModel) {
    private val pauses = HashSet<PauseCause>()
    private var told = Surroundings()
    private var network: Any? = null

    /** Nobody can answer a ping. */
    var isSilent = false
        private set

    /** Who wants a connection is refused. */
    val isRefusing: Boolean get() = PauseCause.NETWORK in pauses && told.isRefusing

    val maxIdle: Int
        get() = when {
            told.isInFront || told.background == BackgroundMode.KEEP -> model.limits.maxIdle
            told.background == BackgroundMode.SHRINK -> model.limits.minIdle
            else -> 0
        }

    fun pause(cause: PauseCause): Boolean {
        if (!isOpen) return false
        model.phase = Phase.PAUSED
        return pauses.add(cause)
    }

    /** What had failed is forgiven, though the pause may go on for another reason. */
    fun resume(cause: PauseCause) {
        if (!isOpen) return
        pauses -= cause
        if (pauses.isEmpty()) model.phase = Phase.OPEN
        model.pace.forgive()
    }

    /** The pool is to drain: it does what it can for those who wait. */
    fun drain() {
        if (pauses.isEmpty()) return
        model.pace.forgive()
        pauses.clear()
        listen()
    }

    fun told(to: Surroundings) {
        if (!isOpen) return
        val isBackInFront = to.isInFront && !told.isInFront
        val isSuspended = !to.isInFront && to.background == BackgroundMode.SUSPEND
        told = to
        if (!to.isConnected && pause(PauseCause.NETWORK)) giveUpDials(Ending.NETWORK_CHANGED)
        if (isSuspended && pause(PauseCause.BACKGROUND)) giveUpDials(Ending.SURPLUS)
        if (to.isConnected) {
            moveTo(to.network)
            listen()
        } else {
            fallSilent()
        }
        if (isBackInFront) model.proofs.suspect()
        if (to.isConnected && PauseCause.NETWORK in pauses) resume(PauseCause.NETWORK)
        if (!isSuspended && PauseCause.BACKGROUND in pauses) resume(PauseCause.BACKGROUND)
    }

    private val isOpen: Boolean get() = model.phase == Phase.OPEN || model.phase == Phase.PAUSED

    private fun giveUpDials(ending: Ending) = model.live.forEach { if (it.life == Life.DIALLING) model.retire(it, ending) }

    private fun moveTo(to: Any?) {
        if (to == null) return
        if (network != null && network != to) {
            model.successors += model.live.count { it.life == Life.LENT && it.ending == null }
            model.outdate(Ending.NETWORK_CHANGED) { true }
        }
        network = to
    }

    private fun fallSilent() {
        if (isSilent) return
        isSilent = true
        for (slot in model.live) {
            if (slot.life == Life.CHECKED) model.proofs.usable(slot)
            if (slot.life == Life.IDLE || slot.life == Life.LENT) slot.proved(model.now)
        }
    }

    private fun listen() {
        if (!isSilent) return
        isSilent = false
        model.proofs.suspect()
    }
}
