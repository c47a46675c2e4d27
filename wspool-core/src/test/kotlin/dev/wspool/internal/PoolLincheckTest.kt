package dev.wspool.internal

import dev.wspool.Lease
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions
import org.jetbrains.lincheck.datastructures.Operation
import org.jetbrains.lincheck.datastructures.Param
import org.jetbrains.lincheck.datastructures.StressOptions
import org.jetbrains.lincheck.datastructures.ThreadIdGen
import org.junit.jupiter.api.Test

/**
 * The pool against itself without concurrency: whatever callers do at the same time, they see what they would have seen had
 * they done it one after another, in the order of the mailbox. Borrows are cancelled while they wait and when they have been
 * served.
 */
@Param(name = "me", gen = ThreadIdGen::class)
class PoolLincheckTest {
    private val pool = QuietPool(connections = 1).pool
    private val leases = List(5) { ArrayDeque<Lease>() } // by thread, the one that runs what comes before and after included

    @Operation(promptCancellation = true)
    suspend fun borrow(
        @Param(name = "me") me: Int,
    ): String = hold(me, pool.borrow())

    @Operation
    fun tryBorrow(
        @Param(name = "me") me: Int,
    ): String? = pool.tryBorrow()?.let { hold(me, it) }

    @Operation
    fun release(
        @Param(name = "me") me: Int,
    ) {
        leases[me].removeFirstOrNull()?.release()
    }

    @Operation
    fun close() = pool.close()

    private fun hold(me: Int, lease: Lease): String {
        leases[me] += lease
        return lease.id.value
    }

    @Test
    fun everyInterleavingIsAnOrderOfTheMailbox() {
        ModelCheckingOptions()
            .iterations(10)
            .invocationsPerIteration(100)
            .threads(2)
            .actorsBefore(1)
            .actorsPerThread(3)
            .actorsAfter(2)
            .check(PoolLincheckTest::class)
    }

    @Test
    fun noStressFindsAnotherOrder() {
        StressOptions()
            .iterations(20)
            .invocationsPerIteration(500)
            .threads(3)
            .actorsPerThread(2)
            .check(PoolLincheckTest::class)
    }
}
