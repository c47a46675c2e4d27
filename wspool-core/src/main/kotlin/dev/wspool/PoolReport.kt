package dev.wspool

import dev.wspool.internal.diagnostics.SecondsSerializer
import dev.wspool.internal.diagnostics.asText
import dev.wspool.internal.diagnostics.borrowed
import dev.wspool.internal.diagnostics.brief
import dev.wspool.internal.diagnostics.toJsonText
import kotlinx.serialization.Serializable
import kotlin.time.Duration

/**
 * All that a pool has to say of itself at one moment. Its text is for people; [toJson] is for programs, with times in seconds.
 *
 * @property pool the name of the pool.
 * @property endpoint where it connects to, without what may be secret.
 * @property health whether callers are served.
 * @property limitedBy what stands between one more caller and a connection, with the setting that it is; null where nothing does.
 * @property stats the numbers.
 * @property leases who holds what, the longest first.
 * @property waiters who waits, in the order in which they will be served.
 * @property connections each connection, the oldest dial first.
 * @property failures the last dials that failed, the latest first, five at most.
 */
@Serializable
public class PoolReport internal constructor(
    public val pool: String,
    public val endpoint: String,
    public val health: PoolHealth,
    public val limitedBy: String?,
    public val stats: PoolStats,
    public val leases: List<LeaseReport>,
    public val waiters: List<WaiterReport>,
    public val connections: List<ConnectionReport>,
    public val failures: List<FailureReport>,
) {
    /** @throws IllegalStateException where kotlinx-serialization-json is not on the class path. */
    public fun toJson(): String = toJsonText()

    override fun toString(): String = asText()
}

/**
 * A lease that is out.
 *
 * @property connection the connection's id.
 * @property coroutine the name of the coroutine that borrowed it (`CoroutineName`), if it has one.
 * @property site where it was borrowed; only with `borrowSites` of [Diagnostics].
 * @property heldFor for how long; understated by a second at most, unless [Diagnostics] watch borrows.
 */
@Serializable
public class LeaseReport internal constructor(
    public val connection: String,
    public val coroutine: String?,
    public val site: String?,
    @Serializable(SecondsSerializer::class) public val heldFor: Duration,
) {
    override fun toString(): String = "$connection for ${heldFor.brief}${borrowed(coroutine, site)}"
}

/**
 * A caller who waits.
 *
 * @property coroutine the name of his coroutine (`CoroutineName`), if it has one.
 * @property site where he asks; only with `borrowSites` of [Diagnostics].
 * @property waitedFor for how long; null where he waits for ever, and nobody has looked at the clock for him.
 * @property wants what he insists on or would like, where that is not just any connection.
 */
@Serializable
public class WaiterReport internal constructor(
    public val coroutine: String?,
    public val site: String?,
    @Serializable(SecondsSerializer::class) public val waitedFor: Duration?,
    public val wants: String?,
) {
    override fun toString(): String = buildString {
        append(if (waitedFor == null) "for ever" else "for ${waitedFor.brief}")
        if (wants != null) append(", for ").append(wants)
        append(borrowed(coroutine, site))
    }
}

/**
 * A connection.
 *
 * @property id its name.
 * @property state what it is doing.
 * @property age for how long it has been open; zero before.
 * @property uses how often it was lent.
 * @property since for how long it has been in its [state]; understated by a second at most.
 * @property roundTrip how long its last pong took; null where none has come.
 * @property phase how far its dial has come, as far as the engine says; null once it is open.
 */
@Serializable
public class ConnectionReport internal constructor(
    public val id: String,
    public val state: State,
    @Serializable(SecondsSerializer::class) public val age: Duration,
    public val uses: Int,
    @Serializable(SecondsSerializer::class) public val since: Duration,
    @Serializable(SecondsSerializer::class) public val roundTrip: Duration?,
    public val phase: String?,
) {
    public enum class State { Connecting, Checking, Idle, Leased, Closing }

    override fun toString(): String = buildString {
        append(id).append(' ').append(state.name.lowercase()).append(" for ").append(since.brief)
        if (phase != null) append(": ").append(phase)
        if (state == State.Connecting) return@buildString
        append(", ").append(age.brief).append(" old, lent ").append(if (uses == 1) "once" else "$uses times")
        if (roundTrip != null) append(", round trip ").append(roundTrip.brief)
    }
}

/**
 * A dial that failed.
 *
 * @property ago how long ago.
 * @property message what was said of it.
 */
@Serializable
public class FailureReport internal constructor(
    @Serializable(SecondsSerializer::class) public val ago: Duration,
    public val message: String,
) {
    override fun toString(): String = "${ago.brief} ago: $message"
}
