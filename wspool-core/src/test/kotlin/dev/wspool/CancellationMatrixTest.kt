package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.MethodSource
import java.util.stream.Stream
import kotlin.streams.asStream
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/**
 * A caller is cancelled at every moment of his borrow, in virtual time: before each step that any coroutine takes, of the
 * callers as of the pool, or by a timeout of his own at every millisecond. However dials, blocks and closes go, nothing is
 * lost by it, and the others are served as if he had not been there.
 */
@OptIn(ExperimentalCoroutinesApi::class)
class CancellationMatrixTest {
    /** How something goes. */
    enum class Going {
        Works,
        Fails,
        Slow,
        Never,
        ;

        fun asBehavior(): FakeBehavior = when (this) {
            Works -> FakeBehavior.Works
            Fails -> FakeBehavior.Fails()
            Slow -> FakeBehavior.Slow(SLOW)
            Never -> FakeBehavior.Never
        }
    }

    /** One cell of the matrix. */
    class Cell(val connect: Going, val block: Going, val close: Going) {
        override fun toString(): String = "connect $connect, block $block, close $close"
    }

    @ParameterizedTest
    @MethodSource("cells")
    fun aCallerMayBeCancelledBeforeAnyStep(cell: Cell) = runTest {
        for (victim in listOf(0, 2)) {
            var step = 1
            while (Run(this, cell, victim, cancelBefore = step).goes()) step++
            assertTrue(step > 12, "only $step steps")
        }
    }

    @ParameterizedTest
    @MethodSource("cells")
    fun aCallerMayTimeOutAtAnyMoment(cell: Cell) = runTest {
        for (victim in listOf(0, 2)) {
            for (millis in 0..45) Run(this, cell, victim, timeout = millis.milliseconds).goes()
        }
    }

    /** Three callers for two connections, one of whom is cancelled. */
    private class Run(
        private val test: TestScope,
        private val cell: Cell,
        private val victim: Int,
        private val cancelBefore: Int = Int.MAX_VALUE,
        private val timeout: Duration = Duration.INFINITE,
    ) {
        private val connector = FakeConnector(autoConnect = true) {
            it.echoes()
            it.closing = cell.close.asBehavior()
            it.answersClose = cell.close != Going.Never
        }
        private lateinit var pool: WebSocketPool
        private lateinit var callers: List<Deferred<Unit>>
        private var hasCancelled = false

        /** True where the victim was cancelled; false where all was over before. */
        suspend fun goes(): Boolean {
            val dispatcher = CountingDispatcher(StandardTestDispatcher(test.testScheduler)) { step ->
                if (::pool.isInitialized) pool.assertSound()
                if (step == cancelBefore) {
                    hasCancelled = true
                    callers[victim].cancel()
                }
            }
            pool = test.poolOf(connector) {
                this.dispatcher = dispatcher
                maxConnections = 2
                borrowTimeout = 60.milliseconds
                connectTimeout = 25.milliseconds
            }
            connector.connecting = cell.connect.asBehavior()
            callers = List(3) { number -> CoroutineScope(dispatcher).async { call(number) } }
            test.advanceTimeBy(200.milliseconds)
            callers[victim].cancel()
            callers.joinAll()
            callers.forEachIndexed { number, caller ->
                if (number != victim) assertFalse(caller.isCancelled, "$cell: caller $number was cancelled too")
            }
            checkAfter()
            return hasCancelled
        }

        private suspend fun call(number: Int) {
            val mine = if (number == victim) timeout else Duration.INFINITE
            try {
                withTimeoutOrNull(mine) {
                    pool.withConnection {
                        send("$number")
                        assertEquals("$number", receiveText())
                        useOf(number)
                    }
                }
            } catch (_: PoolException) {
                // no connection in time
            } catch (_: BlockFailed) {
                // as it was to
            }
        }

        private suspend fun useOf(number: Int) {
            when (cell.block) {
                Going.Works -> yield()
                Going.Fails -> throw BlockFailed()
                Going.Slow -> delay(SLOW)
                Going.Never -> if (number == victim) awaitCancellation() else withTimeoutOrNull(80.milliseconds) { awaitCancellation() }
            }
        }

        private suspend fun checkAfter() {
            pool.assertSound()
            assertEquals(0, pool.stats.leased, "$cell")
            assertEquals(0, pool.stats.waiting, "$cell")
            connector.connecting = FakeBehavior.Works
            pool.assertWhole()
            pool.assertNothingLeft(connector)
        }
    }

    private class BlockFailed : Exception()

    companion object {
        private val SLOW = 10.milliseconds

        @JvmStatic
        fun cells(): Stream<Cell> = sequence {
            for (connect in Going.entries) for (block in Going.entries) for (close in Going.entries) yield(Cell(connect, block, close))
        }.asStream()
    }
}
