package dev.wspool.samples.dashboard

import kotlinx.serialization.Serializable

/**
 * One point of the charts.
 *
 * @property number counts from 1.
 * @property at milliseconds since the epoch.
 * @property p50 how long borrows took, in milliseconds; null where there was none.
 * @property replies since the sample before, as are [failures], [opened], [failedDials] and [gone].
 * @property gone connections that were destroyed, by reason.
 */
@Serializable
class Sample(
    val number: Long,
    val at: Long,
    val idle: Int,
    val leased: Int,
    val connecting: Int,
    val closing: Int,
    val waiting: Int,
    val capacity: Int,
    val p50: Double?,
    val p99: Double?,
    val replies: Long,
    val failures: Long,
    val opened: Long,
    val failedDials: Long,
    val gone: Map<String, Long>,
)
