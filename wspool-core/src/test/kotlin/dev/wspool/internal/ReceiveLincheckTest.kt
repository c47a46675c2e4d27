package dev.wspool.internal

import dev.wspool.Message
import org.jetbrains.lincheck.datastructures.IntGen
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions
import org.jetbrains.lincheck.datastructures.Operation
import org.jetbrains.lincheck.datastructures.Param
import org.junit.jupiter.api.Test

/** A receiver, the engine's reader and a release meet: a message is received once, and nobody waits on a lease that has ended. */
@Param(name = "text", gen = IntGen::class, conf = "1:3")
class ReceiveLincheckTest {
    private val lease = QuietPool(connections = 1).pool.tryBorrow() as RealLease

    @Operation(promptCancellation = true, nonParallelGroup = "receiver")
    suspend fun receive(): String = (lease.receive() as Message.Text).text

    @Operation(nonParallelGroup = "reader")
    fun arrives(
        @Param(name = "text") text: Int,
    ): Boolean = lease.connection.onMessage(Message.Text("$text"))

    @Operation(runOnce = true)
    fun release() = lease.release()

    @Test
    fun everyInterleavingIsAnOrder() {
        ModelCheckingOptions()
            .iterations(6)
            .invocationsPerIteration(100)
            .threads(2)
            .actorsBefore(0)
            .actorsPerThread(2)
            .actorsAfter(1)
            .check(ReceiveLincheckTest::class)
    }
}
