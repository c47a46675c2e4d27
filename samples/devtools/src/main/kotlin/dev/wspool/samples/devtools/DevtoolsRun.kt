package dev.wspool.samples.devtools

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.withContext
import java.io.File
import java.io.IOException
import java.util.Locale
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration
import kotlin.time.DurationUnit

/** One run: the pages by both ways, and the comparison. */
class DevtoolsRun(
    private val streams: Streams,
    private val directory: File,
    count: Int,
    private val atOnce: Int,
    private val connections: Int,
    private val timeout: Duration,
) {
    private val pages = (1..count).map(::Page)
    private val failures = AtomicInteger()

    /** Returns the exit status; a signal ends it early, with the browser. */
    suspend fun run(program: File): Int = supervisorScope {
        val work = async { withServer { site -> withChromium(program) { compare(it, site) } } }
        Interrupt(work::cancel).use { interrupt ->
            try {
                work.await()
                if (failures.get() > 0) FAILED else 0
            } catch (failure: Exception) {
                interrupt.status ?: throw failure
            }
        }
    }

    private suspend fun withServer(block: suspend (String) -> Unit) {
        val server = PageServer.start(pages)
        try {
            block(server.url)
        } finally {
            server.stop()
        }
    }

    /** Ends [block] where the browser ends. */
    private suspend fun withChromium(program: File, block: suspend (Chromium) -> Unit) {
        val chromium = Chromium.start(program, timeout)
        try {
            coroutineScope {
                val watch = launch { chromium.awaitEnd() }
                block(chromium)
                watch.cancel()
            }
        } finally {
            chromium.stop()
        }
    }

    private suspend fun compare(chromium: Chromium, site: String) {
        val ways = listOf(
            { SharedConnections(chromium.url, atOnce, connections, timeout) },
            { ConnectionPerCall(chromium, atOnce, timeout) },
        )
        // What is slow for the first time, in the browser and here, shall be so in neither: that page counts nowhere.
        ways.forEach { way -> way().use { measure(it, site, pages.take(1)) { _, _ -> } } }
        val (shared, single) = ways.map { way -> way().use { measure(it, site, pages, ::save) } }
        shared.comparedWith(single).forEach(streams.output::println)
    }

    private suspend fun measure(way: Way, site: String, pages: List<Page>, use: suspend (Way, Taken) -> Unit): Cost {
        val time = PageRunner(way, site, atOnce).run(pages) {
            when (it) {
                is Taken -> use(way, it)
                is NotTaken -> failed(way, it)
            }
        }
        return Cost(way.name, way.tally, time)
    }

    /** The pictures of one way are enough. */
    private suspend fun save(way: Way, taken: Taken) {
        if (way !is SharedConnections) return
        val file = File(directory, "${taken.page.name}.png")
        try {
            withContext(Dispatchers.IO) { file.writeBytes(taken.png.bytes) }
        } catch (failed: IOException) {
            throw IOException("cannot write $file (${failed.message})", failed)
        }
        val time = taken.time.toString(DurationUnit.MILLISECONDS)
        streams.output.println(String.format(Locale.ROOT, "%s  %,9d bytes  %8s", taken.page.name, taken.png.bytes.size, time))
    }

    private suspend fun failed(way: Way, outcome: NotTaken) {
        currentCoroutineContext().ensureActive() // Ctrl-C in a terminal ends the browser as well: then that is no news
        failures.incrementAndGet()
        streams.error.println("${outcome.page.name} (${way.name}): ${outcome.cause.oneLine()}")
    }
}
