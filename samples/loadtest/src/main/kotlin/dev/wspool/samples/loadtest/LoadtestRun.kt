package dev.wspool.samples.loadtest

import com.github.ajalt.mordant.terminal.Terminal
import dev.wspool.WebSocketPool
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.async
import kotlinx.coroutines.supervisorScope
import java.io.File
import java.io.IOException
import java.time.Instant
import java.time.temporal.ChronoUnit
import kotlin.time.Duration.Companion.seconds

/** One run, from the first connection to the report. */
class LoadtestRun(private val settings: Settings, private val payload: Payload, private val json: File?, private val terminal: Terminal) {
    private val startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS)
    private val recorder = Recorder()
    private val log = ConnectionLog()
    private var initialization: Initialization? = null

    /**
     * Returns the exit status. A signal ends the rounds early, and what was measured until then is reported.
     *
     * @param server to bring chaos over, where that is wanted.
     * @throws UnreachableException where no connection can be opened.
     * @throws IOException where the file cannot be written.
     */
    suspend fun run(target: Target, server: RequestServer?): Int = supervisorScope {
        val pool = target.pool(settings, log)
        try {
            val chaos = if (settings.chaos && server != null) Chaos(server, recorder, ::tell) else null
            val work = async(start = CoroutineStart.LAZY) { rounds(pool, target.conversation, chaos) }
            Interrupt(work::cancel).use { interrupt ->
                work.awaitUnless(interrupt)
                results(pool, interrupted = interrupt.status != null)?.let(::report)
                tell("\nClosing connection pool...")
                pool.drain(CLOSING)
                tell("Connection pool closed")
                interrupt.status ?: status()
            }
        } finally {
            pool.close()
        }
    }

    private suspend fun rounds(pool: WebSocketPool, conversation: Conversation, chaos: Chaos?) {
        tell("Initializing connection pool with ${settings.pool.of("connection")}...")
        val filled = Initializer(pool, log).run()
        initialization = filled
        filled.lines().forEach(::tell)
        settings.banner().forEach(::tell)
        LiveView(terminal, pool, settings, recorder, chaos).during {
            Rounds(pool, settings, conversation, payload, recorder, chaos, ::tell).run()
        }
    }

    private suspend fun Deferred<Unit>.awaitUnless(interrupt: Interrupt) = try {
        await()
    } catch (cancelled: CancellationException) {
        if (interrupt.status == null) throw cancelled
        join() // requests that are being cancelled count no more
    }

    /** Null where the pool never came to be filled. */
    private fun results(pool: WebSocketPool, interrupted: Boolean): Results? {
        recorder.roundEnds()
        val filled = initialization ?: return null
        return Results("$startedAt", interrupted, settings, filled, recorder.requests(log.results()), PoolResult.of(pool.stats))
    }

    private fun report(results: Results) {
        Report(results).lines().forEach(::tell)
        if (json == null) return
        try {
            json.writeText(results.toJson() + "\n")
        } catch (failed: IOException) {
            throw IOException("cannot write $json (${failed.message})", failed)
        }
    }

    /** Under chaos a request may fail; it may not get another's reply. */
    private fun status(): Int {
        val isExcused = settings.chaos || (recorder.failed == 0 && initialization?.isComplete == true)
        return if (recorder.wrong > 0 || !isExcused) FAILED else 0
    }

    private fun tell(line: String) = terminal.println(line)

    private companion object {
        /** No request is under way any more. */
        val CLOSING = 5.seconds
    }
}
