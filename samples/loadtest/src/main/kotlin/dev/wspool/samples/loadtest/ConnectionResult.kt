package dev.wspool.samples.loadtest

import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable

/**
 * What became of one connection.
 *
 * @property requests how many were made on it, failed ones included.
 * @property age how long it is open, or was.
 * @property closed why it was closed, or null while it is open.
 */
@Serializable
data class ConnectionResult(val id: String, val requests: Int, @SerialName("ageMs") val age: Millis, val closed: String?)
