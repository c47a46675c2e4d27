package dev.wspool.samples.tunnel

import sun.misc.Signal
import sun.misc.SignalHandler

/**
 * Ctrl-C and kill(1): the first one calls [stop], and what is under way is finished; a second one ends the program at once. Not
 * a shutdown hook: the server has one too, and all of them run at the same time.
 */
class Interrupt(private val stop: () -> Unit) : AutoCloseable {
    @Volatile
    private var signal: Signal? = null
    private val before = SIGNALS.map { Signal(it) }.associateWith { Signal.handle(it, ::handle) }

    /** The exit status that tells of the signal, or null where there was none. */
    val status: Int? get() = signal?.let { SIGNALLED + it.number }

    private fun handle(now: Signal) {
        if (signal != null) Runtime.getRuntime().halt(SIGNALLED + now.number)
        signal = now
        stop()
    }

    override fun close() = before.forEach { (signal, handler: SignalHandler) -> Signal.handle(signal, handler) }

    private companion object {
        val SIGNALS = listOf("INT", "TERM")
    }
}
