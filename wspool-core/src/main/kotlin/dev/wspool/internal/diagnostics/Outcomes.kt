package dev.wspool.internal.diagnostics

import dev.wspool.CloseInfo
import dev.wspool.ConnectFailedException
import java.util.TreeMap

/** How dials and connections have ended, for people to read: what the machine has no use for. Written and read in turns. */
internal class Outcomes {
    private val failuresByCause = TreeMap<String, Long>()
    private val byCloseCode = TreeMap<Int, Long>()
    private val recent = ArrayDeque<PastFailure>()
    var pings = 0L
    var leaks = 0L

    /** How many dials have failed, by the name of the exception without its ending. */
    val connectFailures: Map<String, Long> get() = failuresByCause.toMap()

    /** How many connections have ended with which close code. */
    val closeCodes: Map<Int, Long> get() = byCloseCode.toMap()

    /** The last dials that have failed, the latest first. */
    val lastFailures: List<PastFailure> get() = recent.toList()

    fun failed(failure: ConnectFailedException, now: Long) {
        failuresByCause.merge(failure.javaClass.simpleName.removeSuffix("Exception"), 1, Long::plus)
        recent.addFirst(PastFailure(failure, now))
        if (recent.size > MOST_RECENT) recent.removeLast()
    }

    fun closed(info: CloseInfo?) {
        if (info != null) byCloseCode.merge(info.code, 1, Long::plus)
    }

    private companion object {
        const val MOST_RECENT = 5
    }
}

internal class PastFailure(val failure: ConnectFailedException, val at: Long)
