package dev.wspool.samples.benchmarks.pools

import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.withTimeout
import org.openjdk.jmh.infra.Blackhole
import java.util.concurrent.ConcurrentLinkedDeque
import kotlin.time.Duration.Companion.seconds

/**
 * The pool that a Kotlin programmer writes next: a semaphore with a permit for each connection, and a deque of the idle ones,
 * the last used first. `acquire` gives its permit back where it is cancelled; a permit that `withTimeout` drops is lost, as its
 * time may be up between the acquire and the end of its block.
 */
class SemaphorePool(connections: Int) : SuspendingPool() {
    private val permits = Semaphore(connections)
    private val idle = ConcurrentLinkedDeque<Any>()

    init {
        repeat(connections) { idle.addFirst(Any()) }
    }

    override suspend fun cycles(count: Int, blackhole: Blackhole) = repeat(count) {
        permits.acquire()
        use { blackhole.consume(it) }
    }

    override suspend fun cyclesWithin(count: Int, blackhole: Blackhole) {
        val timeout = Lender.DEADLINE.seconds
        repeat(count) {
            withTimeout(timeout) { permits.acquire() }
            use { blackhole.consume(it) }
        }
    }

    override suspend fun visit(crowd: Crowd, caller: Int) = crowd.forEachCycle(caller) {
        permits.acquire()
        use { crowd.hold().spend() }
    }

    override suspend fun await() = permits.acquire()

    private inline fun use(block: (Any) -> Unit) {
        val connection = idle.removeFirst()
        try {
            block(connection)
        } finally {
            idle.addFirst(connection)
            permits.release()
        }
    }
}
