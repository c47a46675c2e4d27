package dev.wspool.samples.loadtest

import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable

/**
 * How the pool was filled: the names of the connections that were [opened], of as many as were [requested], and why the others were not.
 */
@Serializable
data class Initialization(
    val requested: Int,
    val opened: List<String>,
    val failures: List<FailureCount>,
    @SerialName("timeMs") val time: Millis,
) {
    val isComplete: Boolean get() = opened.size >= requested
}
