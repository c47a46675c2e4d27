package dev.wspool.samples.loadtest

import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable

/**
 * How long something took.
 *
 * @property buckets without gaps, from the shortest to the longest.
 * @property hdr all values, as an HdrHistogram of nanoseconds (V2, compressed, base64).
 */
@Serializable
data class LatencyResult(
    @SerialName("meanMs") val mean: Millis,
    @SerialName("minMs") val min: Millis,
    @SerialName("p50Ms") val p50: Millis,
    @SerialName("p90Ms") val p90: Millis,
    @SerialName("p99Ms") val p99: Millis,
    @SerialName("p999Ms") val p999: Millis,
    @SerialName("maxMs") val max: Millis,
    val buckets: List<LatencyBucket>,
    val hdr: String,
)

/** How many values were longer than [from], and no longer than [to]. */
@Serializable
data class LatencyBucket(@SerialName("fromMs") val from: Millis, @SerialName("toMs") val to: Millis, val count: Long)
