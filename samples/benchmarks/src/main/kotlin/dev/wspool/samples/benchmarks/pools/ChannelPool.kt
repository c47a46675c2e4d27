package dev.wspool.samples.benchmarks.pools

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.withTimeout
import org.openjdk.jmh.infra.Blackhole
import kotlin.time.Duration.Companion.seconds

/**
 * The pool that a Kotlin programmer writes first: a channel of idle connections. It loses connections. One that a receive was
 * given in the moment of its cancellation, or of the end of its `withTimeout`, has left the channel and reaches nobody.
 */
class ChannelPool(connections: Int) : SuspendingPool() {
    private val idle = Channel<Any>(connections)

    init {
        repeat(connections) { giveBack(Any()) }
    }

    override suspend fun cycles(count: Int, blackhole: Blackhole) = repeat(count) {
        use(idle.receive()) { blackhole.consume(it) }
    }

    override suspend fun cyclesWithin(count: Int, blackhole: Blackhole) {
        val timeout = Lender.DEADLINE.seconds
        repeat(count) {
            use(withTimeout(timeout) { idle.receive() }) { blackhole.consume(it) }
        }
    }

    override suspend fun visit(crowd: Crowd, caller: Int) = crowd.forEachCycle(caller) {
        use(idle.receive()) { crowd.hold().spend() }
    }

    override suspend fun await() {
        idle.receive()
    }

    private inline fun use(connection: Any, block: (Any) -> Unit) = try {
        block(connection)
    } finally {
        giveBack(connection)
    }

    private fun giveBack(connection: Any) = check(idle.trySend(connection).isSuccess)
}
