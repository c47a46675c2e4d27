package dev.wspool.samples.loadtest

import com.github.ajalt.mordant.animation.animation
import com.github.ajalt.mordant.rendering.TextStyles.bold
import com.github.ajalt.mordant.rendering.Widget
import com.github.ajalt.mordant.table.Borders
import com.github.ajalt.mordant.table.table
import com.github.ajalt.mordant.terminal.Terminal
import com.github.ajalt.mordant.widgets.Padding
import com.github.ajalt.mordant.widgets.ProgressBar
import dev.wspool.WebSocketPool
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** What is going on, below the lines that stay; only where the output is a terminal. */
class LiveView(
    private val terminal: Terminal,
    private val pool: WebSocketPool,
    private val settings: Settings,
    private val recorder: Recorder,
    private val chaos: Chaos?,
) {
    private val animation = terminal.animation<Live> { widget(it) }

    /** Shown as long as [block] runs, and then gone. */
    suspend fun during(block: suspend () -> Unit): Unit = coroutineScope {
        val ticks = if (terminal.terminalInfo.outputInteractive) launch { tick() } else null
        try {
            block()
        } finally {
            ticks?.cancel()
            ticks?.join()
        }
    }

    private suspend fun tick() {
        try {
            while (true) {
                animation.update(recorder.live())
                delay(TICK)
            }
        } finally {
            animation.clear()
        }
    }

    private fun widget(live: Live): Widget = table {
        cellBorders = Borders.NONE
        padding = Padding(top = 0, right = 2, bottom = 0, left = 0)
        body {
            row(bold("done"), ProgressBar(settings.rounds.toLong() * settings.concurrency, live.ok + live.failed.toLong(), width = WIDTH))
            row(bold("round"), round(live))
            row(bold("requests"), requests(live))
            row(bold("latency"), latency(live))
            row(bold("pool"), pool.stats.run { "$idle idle, $leased leased, $connecting connecting, $waiting waiting" })
            if (chaos != null) row(bold("server"), server(chaos))
        }
    }

    private fun round(live: Live): String {
        val progress = if (live.requests == 0) "over" else "${live.done} of ${live.requests} done"
        return "${live.round} of ${settings.rounds}, $progress"
    }

    private fun requests(live: Live): String {
        val failed = "${live.failed} failed"
        return "${live.ok} OK, ${if (live.failed > 0) terminal.theme.danger(failed) else failed}"
    }

    private fun latency(live: Live): String =
        live.latency?.run { "p50 ${p50.short()}, p99 ${p99.short()}, max ${max.short()}" } ?: "nothing answered yet"

    private fun server(chaos: Chaos): String = chaos.now?.let { terminal.theme.warning(it.text) } ?: terminal.theme.success("well")

    private fun Duration.short() = "${millis.decimal(1)}ms"

    private companion object {
        val TICK = 100.milliseconds
        const val WIDTH = 40
    }
}
