package dev.wspool.samples.quickstart

import dev.wspool.ConnectionId
import kotlin.time.Duration

/** What came of a line. */
sealed interface Answer {
    val line: Line
}

/** The server replied, on [connection], [time] after the line had asked for one. */
class Reply(override val line: Line, val text: String, val connection: ConnectionId, val time: Duration) : Answer

/** There is no reply, for a [cause] that fits in a line. */
class Failure(override val line: Line, val cause: String) : Answer
