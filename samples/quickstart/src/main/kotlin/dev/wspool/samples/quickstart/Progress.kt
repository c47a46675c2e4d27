package dev.wspool.samples.quickstart

import com.github.ajalt.mordant.animation.progress.MultiProgressBarAnimation
import com.github.ajalt.mordant.animation.progress.addTask
import com.github.ajalt.mordant.animation.progress.update
import com.github.ajalt.mordant.terminal.Terminal
import com.github.ajalt.mordant.widgets.progress.percentage
import com.github.ajalt.mordant.widgets.progress.progressBar
import com.github.ajalt.mordant.widgets.progress.progressBarLayout
import com.github.ajalt.mordant.widgets.progress.text
import com.github.ajalt.mordant.widgets.progress.timeElapsed

/** A progress bar: how much of the input is answered, where its [size] is known. */
class Progress(terminal: Terminal, private val summary: Summary, size: Long?) {
    private val animation = MultiProgressBarAnimation(terminal)
    private val task = animation.addTask(
        progressBarLayout {
            text { "${summary.sent} sent, ${summary.failed} failed" }
            progressBar()
            if (size != null) percentage()
            timeElapsed()
        },
        total = size,
    )

    /** Draws it with [bytes] of the input answered. */
    fun show(bytes: Long) {
        task.update(bytes)
        animation.refresh(refreshAll = true)
    }

    fun clear() = animation.clear()
}
