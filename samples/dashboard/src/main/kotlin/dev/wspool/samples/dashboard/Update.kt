package dev.wspool.samples.dashboard

import kotlinx.serialization.Serializable

/**
 * What the page is told a few times a second: all that it shows.
 *
 * @property run names this run of the program: another one knows nothing of what the page has seen.
 * @property samples those that the page has not had.
 * @property events as [samples].
 * @property lastFailure what the last caller who failed was told.
 */
@Serializable
class Update(
    val run: String,
    val samples: List<Sample>,
    val events: List<Journal.Entry>,
    val connections: List<Status.Row>,
    val lastFailure: String?,
    val settings: Map<String, String>,
    val controls: Controls,
) {
    /**
     * What the buttons have made of it.
     *
     * @property load how many callers there are.
     * @property size `maxConnections`.
     */
    @Serializable
    class Controls(
        val load: Int,
        val size: Int,
        val isUp: Boolean,
        val isSlow: Boolean,
        val isHalfOpen: Boolean,
        val credentials: Int,
        val pool: PoolKeeper.Phase,
    )
}
