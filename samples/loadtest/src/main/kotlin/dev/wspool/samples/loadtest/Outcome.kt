package dev.wspool.samples.loadtest

import kotlin.time.Duration

/** What came of a request, and which connection it was made on, where it got one. */
sealed interface Outcome {
    val connection: String?
}

/** It has its whole reply [time] after it was made; for the first part of that it [waited] for a connection. */
class Answered(override val connection: String, val reply: Reply, val waited: Duration, val time: Duration) : Outcome

/** It has none, because of a [cause]. */
class NotAnswered(override val connection: String?, val cause: Exception) : Outcome
