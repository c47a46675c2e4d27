package dev.wspool.internal.diagnostics

import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.DurationUnit

/** As people say it: `350ms`, `4.2s`, `73s`. */
internal val Duration.brief: String
    get() = when {
        this < 1.seconds -> "${inWholeMilliseconds}ms"
        this < 10.seconds -> toString(DurationUnit.SECONDS, decimals = 1)
        else -> "${inWholeSeconds}s"
    }

/** Who has borrowed something and where, as far as that is known. */
internal fun borrowed(coroutine: String?, site: String?): String = buildString {
    if (coroutine != null) append(", coroutine \"").append(coroutine).append('"')
    if (site != null) append(", borrowed at ").append(site)
}
