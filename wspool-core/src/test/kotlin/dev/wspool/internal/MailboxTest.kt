package dev.wspool.internal

import dev.wspool.Endpoint
import dev.wspool.ExpectedLog
import dev.wspool.WebSocketPool
import dev.wspool.assertNothingLeft
import dev.wspool.assertWhole
import dev.wspool.echoing
import dev.wspool.withConnection
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executors
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlin.coroutines.CoroutineContext
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds

/** Turns follow one another, none is lost, and nobody serves others for ever. */
class MailboxTest {
    /** Runs nothing before it is told to, and refuses when told so. */
    private class ManualDispatcher : CoroutineDispatcher() {
        val queue = ConcurrentLinkedQueue<Runnable>()

        @Volatile
        var isRejecting = false

        override fun dispatch(context: CoroutineContext, block: Runnable) {
            if (isRejecting) throw RejectedExecutionException("closed")
            queue += block
        }

        fun runAll() {
            while (true) (queue.poll() ?: return).run()
        }
    }

    @JvmField
    @RegisterExtension
    internal val log = ExpectedLog()

    private val dispatcher = ManualDispatcher()
    private val pool = WebSocketPool(echoing(), Endpoint("ws://fake")) { dispatcher = this@MailboxTest.dispatcher } as RealPool
    private val mailbox = pool.mailbox
    private val taken = ArrayList<Int>()

    /** Leaves [count] messages while the token is held by this thread. */
    private fun enterAndPost(count: Int) {
        dispatcher.runAll()
        assertTrue(mailbox.tryEnter())
        repeat(count) { number -> mailbox.post { taken += number } }
        assertEquals(emptyList(), taken, "while a turn is under way")
    }

    @Test
    fun aMessageToAnIdleActorIsTakenInPlace() {
        mailbox.post { taken += 1 }
        assertEquals(listOf(1), taken)
    }

    @Test
    fun theOwnerServesWhatCameMeanwhileInOrder() {
        enterAndPost(10)
        mailbox.leave()
        assertEquals(List(10) { it }, taken)
        assertTrue(mailbox.tryEnter(), "the token is free")
    }

    @Test
    fun aTurnWithinATurnWaitsForItsEnd() {
        mailbox.post {
            mailbox.post { taken += 2 }
            taken += 1
        }
        assertEquals(listOf(1, 2), taken)
    }

    @Test
    fun anOwnerWhoHasServed32HandsOverToTheDispatcher() {
        enterAndPost(100)
        mailbox.leave()
        assertEquals(32, taken.size)
        assertFalse(mailbox.tryEnter(), "the token is held by nobody in particular")
        assertEquals(1, dispatcher.queue.size)
        dispatcher.runAll()
        assertEquals(List(100) { it }, taken)
        assertTrue(mailbox.tryEnter())
    }

    @Test
    fun whoNeedsAnAnswerTakesTheTokenThatWasHandedOver() {
        enterAndPost(60)
        mailbox.leave()
        assertEquals(32, taken.size)
        // This thread may be the only one of the dispatcher: it must not wait for what would run on itself.
        assertEquals(0, pool.stats.total)
        assertNull(pool.tryBorrow())
        assertEquals(List(60) { it }, taken)
        dispatcher.runAll() // finds nothing left to do
        assertEquals(60, taken.size)
        assertTrue(mailbox.tryEnter())
    }

    @Test
    fun whoeverRunsAnotherTurnLeavesItBehindTheHandedOverOnes() {
        enterAndPost(40)
        mailbox.leave()
        mailbox.post { taken += 40 }
        assertEquals(32, taken.size)
        dispatcher.runAll()
        assertEquals(List(41) { it }, taken)
    }

    @Test
    fun aDispatcherThatRefusesLosesNoMessage() {
        enterAndPost(100)
        log.expect("The dispatcher of a pool refuses to run: java.util.concurrent.RejectedExecutionException: closed")
        dispatcher.isRejecting = true
        mailbox.leave()
        assertEquals(List(100) { it }, taken)
        assertTrue(mailbox.tryEnter())
    }

    @Test
    fun questionsFromTheOnlyThreadOfThePoolsDispatcherAreAnswered() = runBlocking {
        val single = Executors.newSingleThreadExecutor().asCoroutineDispatcher()
        single.use {
            val connector = echoing()
            val pool = WebSocketPool(connector, Endpoint("ws://fake")) {
                dispatcher = single
                maxConnections = 2
            } as RealPool
            val over = AtomicBoolean()
            val crowd = List(4) {
                launch(Dispatchers.Default) { while (!over.get()) withTimeoutOrNull(1.milliseconds) { pool.withConnection { } } }
            }
            withContext(single) {
                repeat(20_000) {
                    pool.tryBorrow()?.release()
                    val stats = pool.stats
                    assertEquals(stats.created, stats.idle + stats.leased + stats.closing + stats.destroyed.values.sum())
                }
            }
            over.set(true)
            crowd.joinAll()
            pool.assertWhole()
            pool.assertNothingLeft(connector)
        }
    }

    @Test
    fun turnsOfManyThreadsNeverOverlapAndNoneIsLost() {
        val inside = AtomicInteger()
        var turns = 0 // guarded by the token, which is what is tested
        val threads = List(4) {
            thread {
                repeat(20_000) { round ->
                    val turn = Turn {
                        check(inside.incrementAndGet() == 1) { "two turns at once" }
                        turns++
                        inside.decrementAndGet()
                    }
                    if (round % 3 == 0) mailbox.ask(turn::take) else mailbox.post(turn)
                }
            }
        }
        threads.forEach(Thread::join)
        dispatcher.runAll()
        assertEquals(80_000, mailbox.ask { turns })
        assertEquals("The pool for ws://fake is closed", pool.closedException().message, "no turn has thrown")
    }

    @Test
    fun whatOneThreadPostsIsServedInItsOrder() {
        val disorders = AtomicInteger()
        val pool = WebSocketPool(echoing(), Endpoint("ws://fake")) as RealPool
        val senders = List(4) {
            thread {
                var last = -1
                repeat(200_000) { number ->
                    pool.mailbox.post { if (number < last) disorders.incrementAndGet() else last = number }
                }
            }
        }
        senders.forEach { it.join() }
        pool.close()
        assertEquals(0, disorders.get())
    }
}
