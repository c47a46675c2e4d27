package dev.wspool

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** Groups under callers on many threads. */
@Timeout(120)
class GroupStressTest {
    private val connector = echoing()

    private fun GroupConfig.Builder.inAHurry() {
        borrowTimeout = PATIENCE
        maxConnectsPerSecond = 1e6
        pools { maxConnectsPerSecond = 1e6 }
    }

    @Test
    fun callersOfManyKeysWithFewPoolsAllGetTheirs() = runBlocking(Dispatchers.Default) {
        val group = KeyedPoolGroup(connector, { key: Int -> Endpoint("ws://k$key") }) {
            inAHurry()
            maxConnections = 8
            maxPools = 10 // for six callers at a time, so that there is always one to go
        }
        coroutineScope {
            repeat(6) { caller ->
                val random = Random(caller)
                launch { repeat(3_000) { group.withConnection(random.nextInt(20)) { yield() } } }
            }
        }
        group.assertSound()
        group.close()
        withTimeout(PATIENCE) { group.awaitClosed() }
        assertEquals(0, connector.openConnections)
        assertTrue(connector.mostAtOnce <= 8, "${connector.mostAtOnce}")
    }

    @Test
    fun callersWhoAreCancelledLeaveNothing() = runBlocking(Dispatchers.Default) {
        val group = PoolGroup(connector, Discovery.fixed(*Array(5) { Endpoint("ws://e$it") })) {
            inAHurry()
            maxConnections = 6
            pools { maxConnections = 3 }
        }
        coroutineScope {
            repeat(16) { caller ->
                launch {
                    val random = Random(caller)
                    repeat(1_500) {
                        val call = launch { group.withConnection { if (random.nextInt(50) == 0) invalidate() else yield() } }
                        if (random.nextBoolean()) call.cancel()
                        call.join()
                    }
                }
            }
        }
        withTimeout(PATIENCE) { while (group.stats.leased > 0) yield() } // what was on its way to the cancelled comes back
        group.assertSound()
        assertEquals(0, group.stats.waiting, "${group.stats}")
        assertTrue(connector.mostAtOnce <= 6, "${connector.mostAtOnce}")
        group.drain(PATIENCE)
        assertEquals(0, connector.openConnections)
    }

    private companion object {
        val PATIENCE = 60.seconds
    }
}
