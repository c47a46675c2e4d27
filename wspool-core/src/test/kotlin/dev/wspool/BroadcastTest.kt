package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** A message to all clients, and those who read it slowly. */
@OptIn(ExperimentalCoroutinesApi::class)
class BroadcastTest {
    private fun broadcasting(rule: suspend TestScope.(AcceptedPool, Clients) -> Unit) = runTest {
        val pool = acceptedPool { receiveBuffer = 1_000 }
        val clients = Clients(pool, FakeConnector(autoConnect = true))
        rule(pool, clients)
        pool.assertNothingLeft(clients.engine)
    }

    @Test
    fun itReachesIdleAndLeasedAlike() = broadcasting { pool, clients ->
        val all = List(3) { clients.connect() }
        runCurrent()
        pool.withConnection {
            assertEquals("3 sent, 0 waiting, 0 dropped, 0 disconnected", pool.broadcast("news").toString())
        }
        all.forEach { assertEquals(listOf<Message>(Message.Text("news")), it.sent) }
        assertEquals(3, pool.stats.idle)
        assertEquals(3, pool.stats.traffic.messagesSent)
    }

    @Test
    fun theFilterChoosesByOwnerOrWhatIsRemembered() = broadcasting { pool, clients ->
        val ann = clients.connect(AffinityKey("ann"))
        val bob = clients.connect(AffinityKey("bob"))
        runCurrent()
        assertEquals(1, pool.broadcast("for ann") { it.owner == "ann" }.sent)
        pool.borrow(AffinityKey("bob")).use { it.attributes["team"] = "red" }
        assertEquals(1, pool.broadcast("for the reds") { it.attributes["team"] == "red" }.sent)
        assertEquals(listOf("for ann", "for the reds"), (ann.sent + bob.sent).map { (it as Message.Text).text })
    }

    @Test
    fun whoReadsSlowlyMissesWhatComesMeanwhileAndHoldsUpNobody() = broadcasting { pool, clients ->
        val fast = clients.connect()
        val slow = clients.connect().also { it.sending = FakeBehavior.Slow(10.seconds) }
        runCurrent()
        val reports = List(3) { pool.broadcast(Message.Text("$it"), SlowReaders.Drop(waiting = 1)).toString() }
        val rest = "0 disconnected"
        assertEquals(
            listOf("1 sent, 1 waiting, 0 dropped, $rest", "1 sent, 1 waiting, 0 dropped, $rest", "1 sent, 0 waiting, 1 dropped, $rest"),
            reports,
        )
        assertEquals(3, fast.sent.size)
        testScheduler.advanceTimeBy(21.seconds)
        assertEquals(listOf<Message>(Message.Text("0"), Message.Text("1")), slow.sent)
        slow.sending = FakeBehavior.Works
        assertEquals(2, pool.broadcast("again").sent)
    }

    @Test
    fun whoIsToGetAllOrGoGoesWhenTooMuchWaits() = broadcasting { pool, clients ->
        val stuck = clients.connect().also { it.sending = FakeBehavior.Never }
        val borrower = pool.borrow()
        val policy = SlowReaders.Disconnect(waiting = 2)
        repeat(3) { assertEquals(1, pool.broadcast(Message.Text("$it"), policy).waiting) }
        val reading = async { runCatching { borrower.receive() } }
        runCurrent()
        assertEquals(1, pool.broadcast(Message.Text("3"), policy).disconnected)
        assertTrue(stuck.isAborted)
        val loss = assertIs<ConnectionLostException>(reading.await().exceptionOrNull())
        val expected = "Connection ${borrower.id} to accepted was aborted: 2 messages of broadcasts wait for it (SlowReaders.Disconnect)"
        assertEquals(expected, loss.message)
        borrower.release()
    }

    @Test
    fun orWhenOneTakesTooLong() = broadcasting { pool, clients ->
        val stuck = clients.connect().also { it.sending = FakeBehavior.Never }
        runCurrent()
        pool.broadcast(Message.Text("1"), SlowReaders.Disconnect(after = 3.seconds))
        testScheduler.advanceTimeBy(2.seconds)
        assertTrue(stuck.isOpen)
        testScheduler.advanceTimeBy(2.seconds)
        assertTrue(stuck.isAborted)
        assertEquals(0, pool.broadcast("nobody").sent)
    }

    @Test
    fun whoLeavesMeanwhileIsNoFailure() = broadcasting { pool, clients ->
        val leaving = clients.connect().also { it.sending = FakeBehavior.Never }
        runCurrent()
        assertEquals(1, pool.broadcast("1").waiting)
        leaving.dies()
        runCurrent()
        assertEquals(0, pool.broadcast("2").sent)
        assertFailsWith<IllegalArgumentException> { SlowReaders.Drop(-1) }
        assertFailsWith<IllegalArgumentException> { SlowReaders.Disconnect(after = 0.seconds) }
    }
}
