package dev.wspool.samples.devtools

import dev.wspool.PoolException
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withPermit
import kotlin.time.Duration
import kotlin.time.TimeSource

/** Takes pages by one [way], [atOnce] of them at a time. */
class PageRunner(private val way: Way, site: String, private val atOnce: Int) {
    private val photographer = Photographer(way, site)

    /** Calls [report] for each of the [pages] as soon as it is done, on several threads, and returns how long all took. */
    suspend fun run(pages: List<Page>, report: suspend (Outcome) -> Unit): Duration {
        val start = TimeSource.Monotonic.markNow()
        val free = Semaphore(atOnce)
        coroutineScope {
            for (page in pages) launch { free.withPermit { report(take(page)) } }
        }
        val time = start.elapsedNow()
        way.finish()
        return time
    }

    /** A page that fails does not end the others. */
    private suspend fun take(page: Page): Outcome {
        val start = TimeSource.Monotonic.markNow()
        return try {
            Taken(page, photographer.take(page), start.elapsedNow())
        } catch (failed: DevToolsException) {
            NotTaken(page, failed.message.orEmpty())
        } catch (failed: PoolException) {
            NotTaken(page, failed.message.orEmpty())
        }
    }
}
