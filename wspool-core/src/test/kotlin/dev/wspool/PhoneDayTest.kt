package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import dev.wspool.transport.ConnectPhase
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Test
import java.io.File
import java.io.IOException
import kotlin.random.Random
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/**
 * A day of a phone in virtual time, played twice: to pools, and to the loop that most apps begin with (connect, ping, and on an
 * error connect again after five seconds). What costs battery is counted: moments at which anything wakes the processor, and the
 * pings and dials that wake the radio. `docs/android.md` quotes the counts, and this test holds it to them.
 */
@OptIn(ExperimentalCoroutinesApi::class)
class PhoneDayTest {
    private lateinit var phone: MutableStateFlow<NetworkState>

    @Test
    fun aPoolThatIsToldCostsLessThanANaiveLoopAndFailsNobody() {
        val loop = play { NaiveLoop(it) }
        val untold = play { pool(it, signal = null) }
        val keeping = play { pool(it, NetworkSignal(phone, inBackground = InBackground.Keep)) }
        val shrinking = play { pool(it, NetworkSignal(phone, inBackground = InBackground.Shrink)) }
        val suspending = play { pool(it, NetworkSignal(phone, inBackground = InBackground.Suspend)) }
        val rows = listOf(
            "| naive loop | $loop |",
            "| pool without a signal | $untold |",
            "| pool, `Keep` | $keeping |",
            "| pool, `Shrink` | $shrinking |",
            "| pool, `Suspend` | $suspending |",
        )
        val table = rows.joinToString("\n", prefix = "What was counted:\n")
        assertTrue(untold.dials < loop.dials / 2, table)
        assertTrue(keeping.wakeUps < loop.wakeUps * 2 / 3 && keeping.dials < loop.dials / 50, table)
        assertTrue(suspending.wakeUps < loop.wakeUps / 4, table)
        assertTrue(suspending.pings < loop.pings / 4, table)
        for (told in listOf(keeping, shrinking, suspending)) {
            assertEquals(0, told.deadDials, "nothing is dialled without a network\n$table")
            assertEquals(loop.served + loop.failed, told.served + told.failed)
            assertTrue(told.wakeUps < untold.wakeUps && told.pings < untold.pings && told.dials < untold.dials, table)
            assertEquals(0, told.failed, "each request finds a connection that lives\n$table")
        }
        assertTrue(loop.failed > 0, table)
        val page = File("../docs/android.md").readLines()
        assertEquals(emptyList(), rows - page.toSet(), "docs/android.md tells other counts. $table")
    }

    /** What a day has cost. */
    private class Costs(val wakeUps: Int, val pings: Int, val dials: Int, val deadDials: Int, val served: Int, val failed: Int) {
        override fun toString() = "$wakeUps | $pings | $dials | $served of ${served + failed}"
    }

    /** What the app has for asking its server something. */
    private interface App {
        /** @throws Exception where no answer came. */
        suspend fun ask()

        fun stop()
    }

    private fun play(start: (Day) -> App): Costs {
        lateinit var costs: Costs
        runTest(timeout = 2.minutes) {
            phone = MutableStateFlow(NetworkState(isAvailable = false, isForeground = false))
            val day = Day(this)
            val app = start(day)
            day.play(app)
            costs = day.costs()
            app.stop()
        }
        return costs
    }

    private fun pool(day: Day, signal: NetworkSignal?): App = object : App {
        private val pool = WebSocketPool(day.server, Endpoint("ws://fake")) {
            dispatcher = day.dispatcher
            timeSource = day.test.testScheduler.timeSource
            random = Random(5)
            minIdle = 1
            network = signal
            onBackgroundError { } // of dials ahead of demand, which are counted
        }

        override suspend fun ask() = pool.withConnection {
            send("how are you?")
            assertEquals("how are you?", receiveText(5.seconds))
        }

        override fun stop() = pool.close()
    }

    /** Connects, pings every 20 s, and connects again 5 s after whatever has failed. */
    private class NaiveLoop(private val day: Day) :
        App,
        ConnectionListener {
        private val replies = Channel<Message>(Channel.UNLIMITED)
        private val pongs = Channel<Unit>(Channel.CONFLATED)
        private var connection: Connection? = null
        override val scope = CoroutineScope(day.dispatcher + Job())
        override val connectTimeout = 10.seconds

        init {
            scope.launch { run() }
        }

        private suspend fun run() {
            while (true) {
                try {
                    val opened = day.server.connect(Endpoint("ws://fake"), this)
                    connection = opened
                    while (true) {
                        delay(20.seconds)
                        opened.ping(ByteArray(0))
                        withTimeoutOrNull(10.seconds) { pongs.receive() } ?: throw IOException("No pong")
                    }
                } catch (_: ConnectFailedException) {
                    connection = null
                } catch (_: IOException) {
                    connection?.abort()
                    connection = null
                }
                delay(5.seconds)
            }
        }

        override suspend fun ask() {
            val open = connection ?: throw IOException("Not connected")
            open.send(Message.Text("how are you?"))
            withTimeoutOrNull(5.seconds) { replies.receive() } ?: throw IOException("No reply")
        }

        override fun stop() = scope.cancel()

        override fun onPhase(phase: ConnectPhase) = Unit

        override fun onMessage(message: Message): Boolean = replies.trySend(message).isSuccess

        override fun onPong(payload: ByteArray) {
            pongs.trySend(Unit)
        }

        override fun onClosed(info: CloseInfo, cause: Throwable?) = Unit // the next ping finds out
    }

    /** The phone, its networks and its user; and the server, whose connections end unseen with the network that they were opened over. */
    private inner class Day(val test: TestScope) {
        private val wakeUps = HashSet<Long>()
        private val openedOver = HashMap<FakeConnection, String>()
        private var network: String? = null
        private var dialsBefore = 0
        private var deadDials = 0
        private var served = 0
        private var failed = 0

        val dispatcher: CoroutineDispatcher =
            CountingDispatcher(StandardTestDispatcher(test.testScheduler)) { wakeUps += test.currentTime }

        val server = FakeConnector(autoConnect = true) { opened ->
            val over = network!!
            openedOver[opened] = over
            opened.onSend = { if (network == over) opened.receives(it) }
        }

        suspend fun play(app: App) {
            doze(app, hours = 6)
            stay(app, "home", 10.minutes, isLookedAt = true)
            stay(app, "home", 110.minutes)
            commute(app)
            stay(app, "office", 20.minutes)
            repeat(9) {
                stay(app, "office", 5.minutes, isLookedAt = true)
                stay(app, "office", 55.minutes)
            }
            commute(app)
            stay(app, "home", 20.minutes)
            repeat(4) {
                stay(app, "home", 15.minutes, isLookedAt = true)
                stay(app, "home", 45.minutes)
            }
            doze(app, hours = 1)
            assertEquals(24.hours, test.currentTime.milliseconds)
        }

        /** Doze has no network but in its maintenance windows; what would wake the processor is counted as if it did. */
        private suspend fun doze(app: App, hours: Int) = repeat(hours) {
            stay(app, null, 59.minutes)
            stay(app, "home", 1.minutes)
        }

        /** 40 minutes with three tunnels. */
        private suspend fun commute(app: App) {
            repeat(3) {
                stay(app, "cellular", 10.minutes, isLookedAt = true)
                stay(app, null, 2.minutes, isLookedAt = true)
            }
            stay(app, "cellular", 4.minutes, isLookedAt = true)
        }

        /** Who looks at the app asks a second after that, and each half minute, where there is a network. */
        private suspend fun stay(app: App, over: String?, time: Duration, isLookedAt: Boolean = false) {
            become(over, isLookedAt)
            val asks = if (over == null || !isLookedAt) 0 else (time / 30.seconds).toInt()
            val begin = test.currentTime.milliseconds
            repeat(asks) { number ->
                delayUntil(begin + 30.seconds * number + 1.seconds)
                ask(app)
            }
            delayUntil(begin + time)
        }

        private suspend fun delayUntil(time: Duration) = delay(time - test.currentTime.milliseconds)

        private suspend fun ask(app: App) {
            try {
                app.ask()
                served++
            } catch (_: PoolException) {
                failed++
            } catch (_: IOException) {
                failed++
            }
        }

        private fun become(over: String?, isLookedAt: Boolean) {
            if (network == null) deadDials += server.dialCount - dialsBefore
            dialsBefore = server.dialCount
            network = over
            server.connecting = if (over == null) FakeBehavior.Fails() else FakeBehavior.Works
            for ((connection, name) in openedOver) {
                connection.answersPing = name == over
                connection.answersClose = name == over
            }
            phone.value = NetworkState(over != null, over, isLookedAt)
        }

        fun costs() =
            Costs(wakeUps.size, server.connections.sumOf { it.pings.size }, server.dialCount, deadDials, served, failed)
    }
}
