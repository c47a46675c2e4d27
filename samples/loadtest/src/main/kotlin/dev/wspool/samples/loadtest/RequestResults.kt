package dev.wspool.samples.loadtest

import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable

/**
 * What came of all requests.
 *
 * @property wrong how many of the [failed] got a reply that was not theirs, or none by the protocol.
 * @property unfinished how many were under way when the run was interrupted.
 * @property frames how many were received, in whole replies.
 * @property bytes as [frames].
 * @property latency from when a request was made until it had its whole reply; null where none had.
 * @property waited for a connection, which is the first part of that.
 * @property firstFrame from when it was sent until the reply began.
 */
@Serializable
data class RequestResults(
    @SerialName("totalMs") val totalTime: Millis,
    val rounds: List<RoundResult>,
    val ok: Int,
    val failed: Int,
    val wrong: Int,
    val unfinished: Int,
    val frames: Long,
    val bytes: Long,
    val latency: LatencyResult?,
    val waited: LatencyResult?,
    val firstFrame: LatencyResult?,
    val failures: List<FailureCount>,
    val chaos: List<ChaosResult>,
    val connections: List<ConnectionResult>,
)
