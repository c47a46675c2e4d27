package dev.wspool

import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** How the pools of keys come and go. */
@OptIn(ExperimentalCoroutinesApi::class)
class KeyedGroupLifeTest : GroupScene() {
    @Test
    fun aKeyGoesWhenItHasHeldNothingForMaxEmptyTimeNotSooner() = play {
        val group = keyed { pools { maxIdleTime = 50.seconds } }
        group.withConnection("a") { }
        advanceTimeBy(55.seconds)
        assertEquals(0, group.stats.total)
        advanceTimeBy(10.seconds) // empty for 15 s of 60
        assertEquals(setOf("a"), group.keys)
    }

    @Test
    fun aKeyThatIsAskedForInAHurryIsForgottenToo() = play {
        val group = keyed { maxEmptyTime = 1.seconds }
        repeat(10) { runCatching { group.borrow("k$it", BorrowRequest(Duration.ZERO)) } }
        advanceTimeBy(10.minutes)
        assertEquals(emptySet(), group.keys)
    }

    @Test
    fun manyKeysLeaveNothingBehind() = play {
        val group = keyed { maxPools = 3 }
        repeat(500) { group.withConnection("k$it") { } }
        runCurrent()
        assertTrue(group.keys.size <= 3, "${group.keys}")
        assertTrue(group.stats.endpoints.size <= 3, "${group.stats}")
        assertTrue(connector.openConnections <= 3)
        group.close()
        group.awaitClosed()
    }

    @Test
    fun aGroupThatCouldNotBeMadeHoldsUpNoScope() = play {
        val made = async {
            coroutineScope {
                assertFailsWith<IllegalArgumentException> {
                    PoolGroup(FakeConnector(), Discovery.fixed(Endpoint("ws://a"))) {
                        virtual(this@play)
                        pools { parent = this@coroutineScope }
                        each { minIdle = -1 }
                    }
                }
            }
        }
        advanceTimeBy(1.minutes)
        assertTrue(made.isCompleted, "the scope waits for a group that does not exist")
        made.await()
    }

    @Test
    fun tooManyPoolsLeaveNoScopeBehind() = play {
        val scope = CoroutineScope(Job() + StandardTestDispatcher(testScheduler))
        val group = keyed {
            maxPools = 1
            pools { parent = scope }
        }
        val lease = group.borrow("a")
        repeat(50) { assertFailsWith<TooManyWaitersException> { group.borrow("k$it") } }
        runCurrent()
        val children = scope.coroutineContext[Job]!!.children.count()
        assertTrue(children <= 2, "$children jobs")
        lease.release()
    }
}
