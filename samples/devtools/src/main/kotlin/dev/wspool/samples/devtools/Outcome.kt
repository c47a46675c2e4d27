package dev.wspool.samples.devtools

import kotlin.time.Duration

/** What came of a page. */
sealed interface Outcome {
    val page: Page
}

/** Its picture was taken, and took [time]. */
class Taken(override val page: Page, val png: Png, val time: Duration) : Outcome

/** There is no picture, because of a [cause]. */
class NotTaken(override val page: Page, val cause: String) : Outcome
