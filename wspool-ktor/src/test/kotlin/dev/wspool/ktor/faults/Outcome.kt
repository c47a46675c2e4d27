package dev.wspool.ktor.faults

import dev.wspool.ClosedConnection
import dev.wspool.ConnectionLostException
import dev.wspool.DestroyReason
import dev.wspool.PoolException
import kotlinx.coroutines.TimeoutCancellationException
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/**
 * What came of a cell.
 *
 * @property told what the caller, or for a dial `warmUp`, was told; null where nothing was to tell.
 * @property left how the connection left the pool; null where it stayed, or never was one.
 * @property isRace true where the caller may be told of a loss before the pool is: the connection then comes back dirty.
 */
internal class Outcome(private val told: Throwable?, private val left: ClosedConnection?, private val isRace: Boolean) {
    fun assertNoSecret(vararg texts: String) {
        for (text in texts.asList() + told?.stackTraceToString() + left?.toString()) assertFalse("s3cret" in text.orEmpty(), text)
    }

    /** The two as cells of a table. */
    override fun toString(): String = "${tellsOf(told)} | ${left?.let(::nameOf) ?: "–"}"

    private fun nameOf(left: ClosedConnection): String {
        val isEither = isRace && told is ConnectionLostException && left.reason in setOf(DestroyReason.Lost, DestroyReason.Dirty)
        return (if (isEither) "Lost or Dirty" else "${left.reason}") + left.closeInfo?.let { ", $it" }.orEmpty()
    }

    private fun tellsOf(failure: Throwable?): String = when (failure) {
        null -> "–"
        is TimeoutCancellationException -> "the caller's own timeout"
        is ConnectionLostException -> {
            // Told by the connector or by the pool, whoever sees it first: the text of both names this.
            assertTrue("${failure.closeInfo}" in failure.message.orEmpty(), failure.message)
            val details = if (left?.reason == DestroyReason.PingTimeout) failure.message!!.substringAfter("${failure.closeInfo}") else ""
            "`ConnectionLostException`: … ${failure.closeInfo}$details"
        }
        is PoolException -> "`${failure.javaClass.simpleName}`: ${failure.message.orEmpty().replace(ADDRESS, "ws://server")}"
        else -> throw AssertionError("No exception of the pool's", failure)
    }

    private companion object {
        val ADDRESS = Regex("""ws://127\.0\.0\.1:\d+(/path)?""")
    }
}
