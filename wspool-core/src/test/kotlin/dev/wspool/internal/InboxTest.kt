package dev.wspool.internal

import dev.wspool.Message
import dev.wspool.echoing
import dev.wspool.poolOf
import kotlinx.coroutines.async
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals

class InboxTest {
    /** The one whose call was cancelled had it in hand; the next has begun to wait meanwhile, and nothing else will come to wake him. */
    @Test
    fun messageThatIsPutBackGoesToWhoWaitsForOne() = runTest {
        val pool = poolOf(echoing())
        val lease = pool.borrow() as RealLease
        val waiting = async { lease.receive() }
        runCurrent()
        lease.inbox.putBack(lease, Message.Text("there"))
        assertEquals(Message.Text("there"), waiting.await())
        lease.release()
        assertEquals(1, pool.stats.idle, "nothing is owed")
    }
}
