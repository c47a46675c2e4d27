package dev.wspool.samples.loadtest

import kotlinx.serialization.Serializable

/** How many requests failed with an exception of one [type], and what the [first] of them said. */
@Serializable
data class FailureCount(val type: String, val count: Int, val first: String) {
    companion object {
        fun of(cause: Exception) = FailureCount(cause.javaClass.simpleName, 1, cause.message.orEmpty().oneLine())
    }
}
