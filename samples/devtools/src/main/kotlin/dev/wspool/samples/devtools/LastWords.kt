package dev.wspool.samples.devtools

import kotlinx.coroutines.CompletableDeferred
import java.io.IOException
import java.io.InputStream
import kotlin.concurrent.thread

/**
 * Reads what a browser says on its standard error, as long as it lives: else it would block once the pipe is full. Among it is where
 * DevTools listens.
 */
class LastWords(private val input: InputStream) {
    /** The address, or null where the browser ended without one. */
    val address = CompletableDeferred<String?>()

    /** The line that it said last, which tells best why it ended. */
    @Volatile
    var last: String? = null
        private set

    private val reader = thread(isDaemon = true, name = "chromium-stderr") {
        try {
            input.bufferedReader().forEachLine(::heard)
        } catch (_: IOException) {
            // The pipe was closed with the process: there is nothing more to hear.
        }
        address.complete(null)
    }

    private fun heard(line: String) {
        if (line.isBlank() || NO_DBUS in line) return
        if (line.startsWith(LISTENING)) address.complete(line.removePrefix(LISTENING).trim()) else last = line.oneLine()
    }

    /** Waits until all that was said is heard; the process must have ended. */
    fun join() = reader.join(1_000)

    private companion object {
        const val LISTENING = "DevTools listening on "

        /** It complains, at length, of machines without a desktop; that is never why it ends. */
        const val NO_DBUS = ":ERROR:dbus/"
    }
}
