package dev.wspool.samples.quickstart

import com.github.ajalt.mordant.terminal.Terminal
import dev.wspool.WebSocketPool
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** One run, from the first line to the summary. */
class QuickstartRun(
    private val lines: LineSource,
    private val replies: ReplyWriter,
    private val messages: Terminal,
    showProgress: Boolean,
) {
    private val summary = Summary()
    private val progress = if (showProgress) Progress(messages, summary, lines.size) else null

    @Volatile
    private var answered = 0L

    /** Sends the lines to [url], or to an echo server of our own where it is null, and returns the exit status. */
    suspend fun run(url: String?, connections: Int, concurrency: Int, timeout: Duration): Int {
        val server = if (url == null) EchoServer.start() else null
        server?.let { messages.println("Echo server started on ${it.url}") }
        val pool = WebSocketPool(url ?: server!!.url) { maxConnections = connections }
        val interrupt = Interrupt(lines::stop)
        try {
            send(LineRunner(pool, concurrency, timeout))
            messages.println(summaryTable(summary, pool.stats))
            pool.drain(timeout)
            return interrupt.status ?: if (summary.failed > 0) FAILED else 0
        } finally {
            interrupt.close()
            pool.close()
            server?.stop()
        }
    }

    /** On threads that may block, as the output can be slower than the server. */
    private suspend fun send(runner: LineRunner) = withContext(Dispatchers.IO) {
        lines.start()
        val ticks = tick()
        try {
            runner.run(lines, ::report)
            replies.close()
        } finally {
            lines.stop()
            ticks.cancel()
            progress?.clear()
        }
    }

    private fun CoroutineScope.tick(): Job = launch {
        while (true) {
            delay(TICK)
            replies.flush()
            progress?.show(answered)
        }
    }

    private fun report(answer: Answer) {
        replies.write(answer)
        if (answer is Failure) messages.println("line ${answer.line.number}: ${answer.cause}")
        summary.add(answer)
        answered = answer.line.end
    }

    private companion object {
        /** How old an answer may become before it is seen. */
        val TICK = 100.milliseconds
    }
}
