package dev.wspool.internal.machine

/** Writes what the machine wants done as lines. A wake is no line: it is for the reaper, who asks for the time again. */
internal class EffectLines : PoolEffects {
    private val lines = ArrayList<String>()

    /** Called for each caller who gets a connection. */
    var onDeliver: (Slot) -> Unit = {}

    /** Called for each connection that counts no more. */
    var onGone: (Slot, Ending) -> Unit = { _, _ -> }

    /** No line: most of what happens may change it. */
    var readinessChanges = 0

    /** True after a wake, until the reaper has asked. */
    var isWoken = false

    fun take(): List<String> = lines.toList().also { lines.clear() }

    fun lent(name: String, slot: Slot) {
        lines += "$name gets $slot"
        onDeliver(slot)
    }

    override fun connect(slot: Slot) = line("connect $slot")

    override fun cancelConnect(slot: Slot) = line("cancel connect $slot")

    override fun deliver(ticket: Ticket, slot: Slot) = lent("$ticket", slot)

    override fun refuse(ticket: Ticket, refusal: Refusal) = line("$ticket is refused: $refusal")

    override fun ping(slot: Slot) = line("ping $slot")

    override fun close(slot: Slot, ending: Ending) = line("close $slot: $ending")

    override fun abort(slot: Slot) = line("abort $slot")

    override fun gone(slot: Slot, ending: Ending) = onGone(slot, ending)

    override fun warmedUp(warmUp: WarmUp, ready: Int) = line("$warmUp is over: $ready ready")

    override fun readinessChanged() {
        readinessChanges++
    }

    override fun wake() {
        isWoken = true
    }

    override fun ended() = line("ended")

    private fun line(text: String) {
        lines += text
    }
}
