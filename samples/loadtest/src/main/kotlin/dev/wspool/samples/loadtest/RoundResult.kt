package dev.wspool.samples.loadtest

import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable

/**
 * What came of one round.
 *
 * @property at when it began, since the start.
 * @property available how many connections were idle then.
 * @property unfinished how many requests were under way when the run was interrupted.
 * @property median of the requests that were answered; null where none was.
 */
@Serializable
data class RoundResult(
    val round: Int,
    @SerialName("atMs") val at: Millis,
    val available: Int,
    @SerialName("durationMs") val duration: Millis,
    val ok: Int,
    val failed: Int,
    val unfinished: Int,
    @SerialName("medianMs") val median: Millis?,
    @SerialName("maxMs") val max: Millis?,
    val failures: List<FailureCount>,
)
