package dev.wspool.samples.devtools

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.delay
import kotlinx.coroutines.future.await
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import java.io.File
import java.io.IOException
import java.nio.file.Files
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A running browser, to be ended by [stop]. */
class Chromium private constructor(private val program: File, private val process: Process, private val profile: File) {
    private val words = LastWords(process.errorStream)

    /** Where the whole browser is to be reached: `ws://127.0.0.1:PORT/devtools/browser/ID`. */
    lateinit var url: String
        private set

    /** Where the page is to be reached that has [target] as its id. */
    fun urlOf(target: String): String = url.substringBefore("/devtools/") + "/devtools/page/$target"

    /** Waits until it ends by itself, and throws. */
    suspend fun awaitEnd(): Nothing = throw ended(process.onExit().await(), "before all pages were taken")

    private suspend fun awaitAddress(timeout: Duration) {
        val address = withTimeoutOrNull(timeout) { Result.success(words.address.await()) }
            ?: throw ChromiumException("$program has not said within $timeout where DevTools listens")
        url = address.getOrThrow() ?: throw ended(process.onExit().await(), "before it said where DevTools listens")
    }

    private fun ended(process: Process, whenever: String): ChromiumException {
        words.join()
        return ChromiumException("$program ended with status ${process.exitValue()} $whenever; its last words: ${words.last ?: "none"}")
    }

    /** Ends it with all its processes, and removes its profile. Takes 15 s at most, whatever the browser does. */
    suspend fun stop(): Unit = withContext(NonCancellable + Dispatchers.IO) {
        val helpers = process.descendants().toArray().map { it as ProcessHandle }
        process.destroy()
        withTimeoutOrNull(PATIENCE) { process.onExit().await() } ?: process.destroyForcibly().onExit().await()
        helpers.forEach { it.destroyForcibly() }
        withTimeoutOrNull(PATIENCE) {
            // Not for ever: in a container nobody may reap those whose parent has ended, and they count as alive.
            helpers.forEach { it.onExit().await() }
        }
        withTimeoutOrNull(PATIENCE) {
            // Helpers of a browser that was killed are not known here, and may write a little longer.
            while (!profile.deleteRecursively()) delay(RETRY)
        }
    }

    companion object {
        /** How long it may take to end by itself, and then its helpers with its profile. */
        private val PATIENCE = 5.seconds
        private val RETRY = 50.milliseconds

        /**
         * Starts [program], and waits until DevTools can be reached.
         *
         * @throws ChromiumException where that is not so within [timeout]; nothing is left running then.
         */
        suspend fun start(program: File, timeout: Duration): Chromium {
            val profile = withContext(Dispatchers.IO) { Files.createTempDirectory("devtools-profile").toFile() }
            val browser = try {
                Chromium(program, launch(program, profile), profile)
            } catch (failed: IOException) {
                profile.delete()
                throw ChromiumException("cannot start $program (${failed.cause?.message ?: failed.message})", failed)
            }
            try {
                browser.awaitAddress(timeout)
            } catch (failure: Throwable) {
                browser.stop()
                throw failure
            }
            return browser
        }

        private fun launch(program: File, profile: File): Process = ProcessBuilder(ChromiumProgram.command(program, profile))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
    }
}
