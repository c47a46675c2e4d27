package dev.wspool.ktor.engine.loop

import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test
import java.nio.channels.Pipe
import java.nio.channels.SelectionKey
import java.nio.channels.SelectionKey.OP_READ
import java.nio.channels.Selector
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** When a loop polls before it sleeps. */
class PollingTest {
    private val selector = Selector.open()
    private val pipes = List(2) { Pipe.open() }
    private val keys = pipes.map { pipe ->
        pipe.source().configureBlocking(false)
        pipe.source().register(selector, OP_READ, Spoken)
    }
    private val partner = keys[0]
    private val polling = Polling(processors = 2)

    @AfterEach
    fun close() {
        selector.close()
        pipes.forEach {
            it.source().close()
            it.sink().close()
        }
    }

    @Test
    fun conversationIsPolledForAfterAFewQuickAnswers() {
        answers(Polling.ENOUGH)
        assertFalse(polling.isWorthwhile, "The first is the answer to nothing")
        answers(1)
        assertTrue(polling.isWorthwhile)
    }

    @Test
    fun processorThatIsTheOnlyOneIsNotKeptFromThePeer() {
        val alone = Polling(processors = 1)
        repeat(100) { alone.onWait(QUICK, hasPolled = false, setOf(partner), hasWork = false) }
        assertFalse(alone.isWorthwhile)
    }

    @Test
    fun slowAnswerEndsIt() {
        converse()
        polling.onWait(Polling.QUICK + 1, hasPolled = false, setOf(partner), hasWork = false)
        assertFalse(polling.isWorthwhile)
    }

    /** As from a server that streams: sleeping, more of it is read at once. */
    @Test
    fun whatNobodyHasAskedForIsNoAnswer() {
        converse()
        partner.attach(Silent)
        answers(Polling.MOST)
        assertFalse(polling.isWorthwhile)
        answers(100)
        assertFalse(polling.isWorthwhile)
    }

    /** The peer may send its answer in two pieces; and of messages that overlap many come at once. */
    @Test
    fun whatComesTooSoonSaysNothing() {
        answers(Polling.ENOUGH)
        repeat(100) { waited(Polling.TOO_SOON - 1) }
        assertFalse(polling.isWorthwhile)
        answers(1)
        assertTrue(polling.isWorthwhile)
    }

    @Test
    fun anotherSocketEndsIt() {
        converse()
        waited(QUICK, setOf(keys[1]))
        assertFalse(polling.isWorthwhile)
        converse()
        waited(QUICK, keys.toSet())
        assertFalse(polling.isWorthwhile)
    }

    @Test
    fun socketsThatAnswerByTurnsAreNoConversation() {
        repeat(100) { waited(QUICK, setOf(keys[it % 2])) }
        assertFalse(polling.isWorthwhile)
    }

    @Test
    fun workThatComesMeanwhileEndsIt() {
        converse()
        polling.onWait(QUICK, hasPolled = true, setOf(partner), hasWork = true)
        assertFalse(polling.isWorthwhile)
    }

    /** As where the loop is still awake when the caller sends his next message. */
    @Test
    fun messageThatIsLeftToTheLoopDoesNotEndIt() {
        converse()
        waited(0, emptySet())
        assertTrue(polling.isWorthwhile)
        answers(1)
        assertTrue(polling.isWorthwhile)
    }

    @Test
    fun workWithoutAnswersIsNotPolledFor() {
        converse()
        repeat(Polling.MOST) { waited(0, emptySet()) }
        assertFalse(polling.isWorthwhile)
    }

    @Test
    fun connectionThatIsClosedIsNotKept() {
        converse()
        partner.cancel()
        polling.onReleased()
        val field = Polling::class.java.getDeclaredField("partner").apply { isAccessible = true }
        assertNull(field.get(polling))
    }

    /** A peer whose answers take now a little less than polling lasts and now a little more is worth it; one that has become slower is not. */
    @Test
    fun pollingInVainIsForgivenWhereItIsRare() {
        converse()
        repeat((Polling.MOST - Polling.ENOUGH) / Polling.IN_VAIN) {
            inVain()
            assertTrue(polling.isWorthwhile)
        }
        inVain()
        assertFalse(polling.isWorthwhile)
    }

    @Test
    fun peerThatIsSlowerThanPollingIsMostlySleptFor() {
        val polls = (1..1_000).count { polling.isWorthwhile.also { waited(Polling.LONGEST + 1) } }
        assertTrue(polls in 1..1_000 / (1 + Polling.IN_VAIN), "$polls")
    }

    private fun converse() = answers(1 + Polling.MOST)

    private fun answers(count: Int) = repeat(count) { waited(QUICK) }

    private fun waited(nanos: Long, ready: Set<SelectionKey> = setOf(partner)) =
        polling.onWait(nanos, hasPolled = polling.isWorthwhile, ready, hasWork = false)

    private fun inVain() = polling.onWait(Polling.LONGEST + 1, hasPolled = true, setOf(partner), hasWork = false)

    private open class Peer(override val isAnswerDue: Boolean) : Watched {
        override fun onReady(operations: Int) = Unit

        override fun onFlush() = Unit

        override fun onReleased() = Unit

        override fun onFailure(failure: Throwable) = Unit
    }

    private object Spoken : Peer(isAnswerDue = true)

    private object Silent : Peer(isAnswerDue = false)

    private companion object {
        const val QUICK = Polling.LONGEST
    }
}
