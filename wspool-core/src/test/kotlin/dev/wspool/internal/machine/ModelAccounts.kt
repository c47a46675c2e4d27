package dev.wspool.internal.machine

/** The [PoolModel]'s own accounts, to be compared with the machine's [Tally]. */
internal class ModelAccounts {
    var created = 0L
    var connectFailures = 0L
    var borrows = 0L
    var servedFromQueue = 0L
    var reused = 0L
    var timedOut = 0L
    var cancelled = 0L
    var refused = 0L
    var late = 0L
    private val destroyed = LongArray(Ending.entries.size)

    fun destroyed(ending: Ending) {
        destroyed[ending.ordinal]++
    }

    fun check(tally: Tally) {
        compare("created", created, tally.created)
        compare("connectFailures", connectFailures, tally.connectFailures)
        compare("borrows", borrows, tally.borrows)
        compare("borrowsAfterWaiting", servedFromQueue, tally.borrowsAfterWaiting)
        compare("reused", reused, tally.reused)
        compare("timedOut", timedOut, tally.timedOut)
        compare("cancelled", cancelled, tally.cancelled)
        compare("refused", refused, tally.refused)
        compare("late", late, tally.late)
        for (ending in Ending.entries) compare("destroyed", destroyed[ending.ordinal], tally.destroyed(ending))
    }

    private fun compare(name: String, expected: Long, actual: Long) = check(expected == actual) { "$name is $actual, should be $expected" }
}
