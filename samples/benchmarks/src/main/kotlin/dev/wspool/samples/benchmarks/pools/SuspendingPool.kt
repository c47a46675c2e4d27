package dev.wspool.samples.benchmarks.pools

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.openjdk.jmh.infra.Blackhole

/**
 * A pool whose callers suspend. Each function has its cycle written out, as it is compiled into a user's code: a suspending
 * function called for each cycle would add its own state machine, 40 bytes or more.
 */
abstract class SuspendingPool :
    Waiting(),
    AutoCloseable {
    /** Borrows and returns so often. */
    abstract suspend fun cycles(count: Int, blackhole: Blackhole)

    /** As [cycles], each borrow with a deadline of [Lender.DEADLINE] seconds. */
    abstract suspend fun cyclesWithin(count: Int, blackhole: Blackhole)

    /** One caller of a [crowd]. */
    abstract suspend fun visit(crowd: Crowd, caller: Int)

    /** Lets a whole [crowd] visit, on Dispatchers.Default. */
    fun serve(crowd: Crowd) = runBlocking(Dispatchers.Default) {
        repeat(crowd.callers()) { caller -> launch { visit(crowd, caller) } }
    }

    override fun close() {}

    protected companion object {
        suspend inline fun Crowd.forEachCycle(caller: Int, cycle: () -> Unit) {
            while (true) {
                val count = next(caller)
                if (count == 0) return
                repeat(count) { cycle() }
            }
        }

        suspend inline fun Hold.spend() {
            if (yields()) yield()
            work()
        }
    }
}
