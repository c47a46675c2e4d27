package dev.wspool.ktor.soak

import java.util.EnumMap
import java.util.TreeMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong

/** What came of the calls, by the fault to blame. */
internal class Tally(private val judge: Judge) {
    /** Of one fault, or of the times when all was well. */
    class Row {
        val answered = AtomicLong()
        val own = AtomicLong()
        val lost = AtomicLong()
        val starved = AtomicLong()
        val avoidable = AtomicLong()
    }

    private val rows = Fault.entries.associateWithTo(EnumMap(Fault::class.java)) { Row() }
    private val well = Row()
    private val complaints = ConcurrentLinkedQueue<String>()

    /** By type, over all. */
    private val ownKinds = TreeMap<String, Int>()

    /** Replies that somebody else had asked for. */
    val wrong = AtomicInteger()

    fun row(fault: Fault?): Row = if (fault == null) well else rows.getValue(fault)

    val all: List<Row> get() = rows.values + well

    /** The first violations, in words. */
    val firstComplaints: List<String> get() = complaints.take(SHOWN)

    val owns: Map<String, Int> get() = synchronized(ownKinds) { TreeMap(ownKinds) }

    fun answered() {
        row(judge.phase(System.nanoTime())).answered.incrementAndGet()
    }

    fun wrong(sent: String, received: String) {
        wrong.incrementAndGet()
        complaints += "wrong reply: sent ${sent.take(WORD)}, received ${received.take(WORD)}"
    }

    /** The caller cancelled, or would not wait. */
    fun own(what: String) {
        row(judge.phase(System.nanoTime())).own.incrementAndGet()
        synchronized(ownKinds) { ownKinds.merge(what, 1, Int::plus) }
    }

    fun failed(failure: Throwable, route: Route?) {
        val now = System.nanoTime()
        val phase = judge.phase(now)
        val row = row(phase)
        when {
            !judge.excuses(failure, route, now) -> {
                row.avoidable.incrementAndGet()
                complaints += "avoidable, ${phase?.title ?: "while all was well"}, ${route ?: "no connection"}: $failure"
            }
            route == null -> row.starved.incrementAndGet()
            else -> row.lost.incrementAndGet()
        }
    }

    private companion object {
        const val SHOWN = 20
        const val WORD = 60
    }
}
