package dev.wspool.ktor.soak

import dev.wspool.Backoff
import dev.wspool.Endpoint
import dev.wspool.WebSocketPool
import dev.wspool.withConnection
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import java.util.concurrent.atomic.AtomicInteger
import kotlin.random.Random
import kotlin.system.exitProcess
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/**
 * 200 coroutines on 20 connections, on our own engine, against a server that is killed, paused, cut off and made slow. Prints what came of it, as
 * it stands in docs/reliability.md, and fails where a criterion is not met.
 *
 * Its arguments: how many seconds, and the seed of what happens (else one by chance, which is printed).
 */
internal object Soak {
    private const val CALLERS = 200
    private const val CONNECTIONS = 20
    private val WARM_UP = 5.seconds

    /** In bytes: some four for each request in ten minutes. */
    private const val MOST_GROWTH = 4L shl 20

    @JvmStatic
    fun main(arguments: Array<String>) {
        val length = arguments[0].toInt().seconds
        val seed = arguments.getOrNull(1)?.toLongOrNull() ?: System.nanoTime()
        val java = System.getProperty("java.version")
        println("Soak of $length, seed $seed, JDK $java, ${Runtime.getRuntime().availableProcessors()} processors")
        val timeline = Timeline()
        val isWell = Lateness().use { lateness ->
            val tally = Tally(Judge(timeline) { 1.seconds + lateness.worst })
            World(timeline, Random(seed)).use { Soak(length, seed, it, timeline, tally, lateness).run() }
        }
        exitProcess(if (isWell) 0 else 1)
    }

    private class Soak(
        private val length: Duration,
        private val seed: Long,
        private val world: World,
        private val timeline: Timeline,
        private val tally: Tally,
        private val lateness: Lateness,
    ) {
        fun run(): Boolean = runBlocking(Dispatchers.Default) {
            withPool(Job()) { pool -> pool.warmUp(CONNECTIONS) } // what is opened once and stays is no leak
            val descriptors = Holdings.descriptors()
            val parent = SupervisorJob()
            val pool = pool(parent)
            load(pool, Tally(Judge(timeline) { Duration.ZERO })) { delay(WARM_UP) }
            val heap = Holdings.heap()
            val began = TimeSource.Monotonic.markNow()
            load(pool, tally) {
                world.play(Schedule.of(seed, length))
                delay(length - began.elapsedNow())
            }
            val lasted = began.elapsedNow()
            val growth = Holdings.heap() - heap
            val summary = Summary(tally, timeline, lasted, pool.stats, lateness.worst)
            val aftermath = Aftermath(pool)
            val findings = summary.findings() + aftermath.capacity() + aftermath.end(parent, descriptors) +
                Finding("growth of the heap, after garbage collection", "${growth / 1024} KiB", growth <= MOST_GROWTH)
            println("\n| criterion | figure |\n|---|---|\n${findings.joinToString("\n")}\n\n${summary.figures()}")
            tally.firstComplaints.forEach(System.err::println)
            findings.all { it.isKept }
        }

        /** Has all callers call until [course] has run. */
        private suspend fun load(pool: WebSocketPool, tally: Tally, course: suspend () -> Unit) = coroutineScope {
            var isOver = false
            val callers = List(CALLERS) { launch { Caller(it, seed, pool, tally).run { isOver } } }
            course()
            isOver = true
            callers.joinAll()
        }

        private suspend fun withPool(parent: Job, use: suspend (WebSocketPool) -> Unit) {
            val pool = pool(parent)
            use(pool)
            pool.close()
            pool.awaitClosed()
        }

        private fun pool(parent: Job): WebSocketPool {
            val dials = AtomicInteger()
            return WebSocketPool(world.url(Route.Direct)) {
                this.parent = CoroutineScope(parent)
                name = "soak"
                maxConnections = CONNECTIONS
                minIdle = CONNECTIONS / 2
                borrowTimeout = Call.BORROW_TIMEOUT
                connectTimeout = 2.seconds
                maxConnectsPerSecond = 200.0
                backoff = Backoff(50.milliseconds, 500.milliseconds)
                pingInterval = PING_INTERVAL
                pongTimeout = PONG_TIMEOUT
                closeTimeout = 500.milliseconds
                abortTimeout = 1.seconds
                beforeConnect {
                    val route = Route.entries[dials.getAndIncrement() % Route.entries.size]
                    Endpoint(world.url(route), subprotocols = listOf(route.protocol))
                }
            }
        }
    }
}
