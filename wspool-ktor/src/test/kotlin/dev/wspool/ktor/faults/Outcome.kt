package dev.wspool.ktor.faults

import dev.wspool.ClosedConnection
import dev.wspool.ConnectionLostException
import dev.wspool.DestroyReason.Abandoned
import dev.wspool.DestroyReason.Dirty
import dev.wspool.DestroyReason.Lost
import dev.wspool.DestroyReason.PingTimeout
import dev.wspool.MessageTooBigException
import dev.wspool.PoolException
import dev.wspool.ktor.faults.Moment.Reading
import dev.wspool.ktor.faults.Moment.Writing
import kotlinx.coroutines.TimeoutCancellationException
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/**
 * What came of a cell.
 *
 * @property told what the caller, or for a dial `warmUp`, was told; null where nothing was to tell.
 * @property left how the connection left the pool; null where it stayed, or never was one.
 * @property moment when the fault happened. A caller who has the connection may be told of its loss before the pool is: it then
 * comes back dirty. Where he was writing, the connector may not know whether the socket is closed: then it is abandoned.
 */
internal class Outcome(private val told: Throwable?, private val left: ClosedConnection?, private val moment: Moment) {
    fun assertNoSecret(vararg texts: String) {
        for (text in texts.asList() + told?.stackTraceToString() + left?.toString()) assertFalse("s3cret" in text.orEmpty(), text)
    }

    /** The two as cells of a table. */
    override fun toString(): String = "${tellsOf(told)} | ${left?.let(::nameOf) ?: "–"}"

    private fun nameOf(left: ClosedConnection): String {
        val isLoss = told is ConnectionLostException || told is MessageTooBigException
        return when {
            moment == Reading && isLoss && left.reason in setOf(Lost, Dirty) -> "Lost or Dirty, ${left.closeInfo}"
            moment == Writing && isLoss && isMute && left.reason in setOf(PingTimeout, Abandoned) -> "PingTimeout or Abandoned"
            moment == Writing && isLoss && left.reason in setOf(Lost, Dirty, Abandoned) -> "Lost, Dirty or Abandoned"
            moment == Writing && told is TimeoutCancellationException && left.reason in setOf(Dirty, Abandoned) -> "Dirty or Abandoned"
            else -> "${left.reason}" + left.closeInfo?.let { ", $it" }.orEmpty()
        }
    }

    private val isMute: Boolean get() = "pongTimeout" in told?.message.orEmpty()

    private fun tellsOf(failure: Throwable?): String = when (failure) {
        null -> "–"
        is TimeoutCancellationException -> "the caller's own timeout"
        is ConnectionLostException -> {
            // Told by the connector or by the pool, whoever sees it first: the text of both names this.
            assertTrue("${failure.closeInfo}" in failure.message.orEmpty(), failure.message)
            val details = if (isMute) failure.message!!.substringAfter("${failure.closeInfo}") else ""
            "`ConnectionLostException`: … ${failure.closeInfo}$details"
        }
        is PoolException -> "`${failure.javaClass.simpleName}`: ${failure.message.orEmpty().replace(ADDRESS, "ws://server")}"
        else -> throw AssertionError("No exception of the pool's", failure)
    }

    private companion object {
        val ADDRESS = Regex("""ws://127\.0\.0\.1:\d+(/path)?""")
    }
}
