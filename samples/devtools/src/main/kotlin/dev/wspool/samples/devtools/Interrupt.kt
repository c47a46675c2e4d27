package dev.wspool.samples.devtools

import sun.misc.Signal
import sun.misc.SignalHandler

/**
 * Ctrl-C and kill(1): the first one calls [stop], which ends the browser and removes its profile; a second one kills the browser and
 * ends the program at once. Not a shutdown hook: the page server has one too, and all of them run at the same time.
 */
class Interrupt(private val stop: () -> Unit) : AutoCloseable {
    @Volatile
    private var signal: Signal? = null
    private val before = SIGNALS.map { Signal(it) }.associateWith { Signal.handle(it, ::handle) }

    /** The exit status that tells of the signal, or null where there was none. */
    val status: Int? get() = signal?.let { SIGNALLED + it.number }

    private fun handle(now: Signal) {
        if (signal != null) {
            ProcessHandle.current().descendants().forEach { it.destroyForcibly() }
            Runtime.getRuntime().halt(SIGNALLED + now.number)
        }
        signal = now
        stop()
    }

    override fun close() = before.forEach { (signal, handler: SignalHandler) -> Signal.handle(signal, handler) }

    private companion object {
        val SIGNALS = listOf("INT", "TERM")
    }
}
