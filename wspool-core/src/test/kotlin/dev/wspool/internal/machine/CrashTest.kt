package dev.wspool.internal.machine

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.time.Duration.Companion.seconds

/** After a turn that threw, all that there is ends at once, and nothing comes of what is late. */
class CrashTest {
    @Test
    fun crashAbortsAndRefusesAllThereIs() = crashed { }

    @Test
    fun nothingIsAnsweredTwice() = crashed {
        after(10.seconds);  expect()
        cancel("dan")
        crash()
        close()
        drain();            expect()
    }

    @Test
    fun whatComesLaterIsIgnored() = crashed {
        release(1);                     expect()
        assertFalse(detach(1));         expect()
        message(1)
        lost(1)
        lost(2);                        expect()
        connected(3);                   expect("abort slot3") // it was opened in spite of all
        borrow("eve");                  expect("eve is refused: CLOSED")
        assertFalse(tryBorrow("fay"));  expect()
        connectFailed(3);               expect()
    }

    @Test
    fun accountsAddUp() = crashed {
        assertEquals(2, tally.created)
        assertEquals(2, tally.destroyedTotal)
    }

    /** A pool with a lease, a connection that closes, a dial and a caller who waits, after a crash. */
    private fun crashed(script: PoolScript.() -> Unit) = PoolScript(maxConnections = 3).run {
        borrow("ann")
        borrow("bob");                       expect("connect slot1", "connect slot2")
        connected(1)
        connected(2);                        expect("ann gets slot1", "bob gets slot2")
        borrow("cat")
        cancel("cat")
        borrow("dan", timeout = 4.seconds);  expect("connect slot3")
        release(2, ending = Ending.DIRTY);   expect("close slot2: DIRTY")
        crash()
        expectInAnyOrder("abort slot1", "abort slot2", "abort slot3", "ended", "dan is refused: CLOSED")
        script()
    }
}
