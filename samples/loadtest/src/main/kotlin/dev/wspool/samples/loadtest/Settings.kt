package dev.wspool.samples.loadtest

import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable

/**
 * What a run was asked for, without anything secret: all of it may be shown.
 *
 * @property address of the server, or null where it is our own.
 * @property frames how many frames our own server sends for a request.
 * @property replies how many messages of another server are a reply, or null where it marks the last one.
 * @property request what is sent.
 */
@Serializable
data class Settings(
    val pool: Int,
    val rounds: Int,
    val concurrency: Int,
    @SerialName("intervalMs") val interval: Millis,
    @SerialName("requestTimeoutMs") val requestTimeout: Millis,
    @SerialName("sessionTtlMs") val sessionTtl: Millis,
    val address: String?,
    val auth: String?,
    val frames: Int?,
    @SerialName("frameIntervalMs") val frameInterval: Millis?,
    val replies: Int?,
    val request: String,
    val chaos: Boolean,
)
