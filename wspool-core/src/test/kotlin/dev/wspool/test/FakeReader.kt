package dev.wspool.test

import dev.wspool.CloseInfo
import dev.wspool.Message
import dev.wspool.transport.ConnectionListener

/** What reaches a [FakeReader] from the peer. */
internal sealed class Arrival {
    class Data(val message: Message) : Arrival()

    class Pong(val payload: ByteArray) : Arrival()

    class Close(val info: CloseInfo) : Arrival()
}

/**
 * The reader of a [FakeConnection]: tells the listener what arrives, in order and one call at a time. Whoever brings
 * something finds the reader idle and tells it in place, or leaves it to the caller who tells at the moment; so nothing is
 * told inside another call, nor while a lock is held.
 */
internal class FakeReader(
    private val listener: ConnectionListener,
    private val beforeClosed: (CloseInfo) -> Unit,
    private val afterClosed: () -> Unit,
) {
    private class Ending(val info: CloseInfo, val cause: Throwable?)

    private val lock = Any()
    private val arrivals = ArrayDeque<Arrival>()
    private var isTelling = false
    private var resumes = 0
    private var isStopped = false
    private var mayOverrun = false
    private var isMute = false
    private var ending: Ending? = null

    /** True to tell one message more after the listener has said stop, as the SPI allows an engine. */
    @Volatile var overruns = false

    val stopped: Boolean get() = synchronized(lock) { isStopped }

    /** What waits for the listener to go on reading. */
    val held: Int get() = synchronized(lock) { arrivals.size }

    /** False where reading is stopped or over. */
    fun arrives(arrival: Arrival): Boolean {
        synchronized(lock) {
            if (ending != null || isMute) return false
            arrivals += arrival
        }
        tell()
        return synchronized(lock) { !isStopped && ending == null && !isMute }
    }

    fun resume() {
        synchronized(lock) {
            resumes++ // counted: the listener may still be about to return false
            isStopped = false
        }
        tell()
    }

    /** Nothing more is told but the end, whenever that comes. */
    fun mute() {
        synchronized(lock) {
            isMute = true
            arrivals.clear()
        }
    }

    fun ends(info: CloseInfo, cause: Throwable?): Boolean {
        synchronized(lock) {
            if (ending != null) return false
            ending = Ending(info, cause)
            arrivals.clear()
        }
        tell()
        return true
    }

    /** How it ended, as soon as that is known: before the listener is told. */
    val endInfo: CloseInfo? get() = synchronized(lock) { ending?.info }

    private fun tell() {
        var resumesBefore = 0
        while (true) {
            val next: Any = synchronized(lock) {
                if (isTelling) return
                resumesBefore = resumes
                (next() ?: return).also { isTelling = true }
            }
            var goesOn = true
            try {
                when (next) {
                    is Ending -> {
                        beforeClosed(next.info)
                        listener.onClosed(next.info, next.cause)
                        afterClosed()
                        return // and never tells again
                    }
                    is Arrival.Data -> goesOn = listener.onMessage(next.message)
                    is Arrival.Pong -> listener.onPong(next.payload)
                }
            } finally {
                synchronized(lock) {
                    if (next !is Ending) isTelling = false
                    if (!goesOn && resumes == resumesBefore) stop()
                }
            }
        }
    }

    private fun stop() {
        mayOverrun = overruns && !isStopped
        isStopped = true
    }

    private fun next(): Any? {
        ending?.let { return it }
        val first = arrivals.firstOrNull() ?: return null
        if (isStopped && !(mayOverrun && first is Arrival.Data)) return null
        mayOverrun = false
        arrivals.removeFirst()
        if (first !is Arrival.Close) return first
        arrivals.clear()
        return Ending(first.info, null).also { ending = it }
    }
}
