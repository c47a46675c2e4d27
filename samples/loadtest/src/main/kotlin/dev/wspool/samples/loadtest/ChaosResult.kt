package dev.wspool.samples.loadtest

import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable

/** What was done to the server, [at] a time since the start, and for how long. */
@Serializable
data class ChaosResult(val fault: String, val round: Int, @SerialName("atMs") val at: Millis, @SerialName("lengthMs") val length: Millis)
