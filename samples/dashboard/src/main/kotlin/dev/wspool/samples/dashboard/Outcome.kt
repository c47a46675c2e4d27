package dev.wspool.samples.dashboard

import kotlinx.serialization.Serializable

/** What came of a command: [message] is for the reader of the page. */
@Serializable
class Outcome(val isDone: Boolean, val message: String)
