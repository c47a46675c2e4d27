package dev.wspool.ktor

import dev.wspool.Balancer
import dev.wspool.ConnectionLostException
import dev.wspool.Discovery
import dev.wspool.Ejection
import dev.wspool.Endpoint
import dev.wspool.PoolGroup
import dev.wspool.test.FaultyProxy
import dev.wspool.test.PeerFrame
import dev.wspool.test.ScriptedServer
import dev.wspool.withConnection
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.LongAdder
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Five real servers behind a group, under load, of which one after the other gets into trouble. */
@Timeout(120)
class FleetTest {
    /** A server that tells its name, behind a proxy that can break its connections. */
    private class Site(name: String) : AutoCloseable {
        @Volatile
        var pause = 0L

        private val server = ScriptedServer {
            upgrade()
            while (true) {
                receive(PeerFrame.TEXT)
                if (pause > 0) Thread.sleep(pause)
                text(name)
            }
        }
        val proxy = FaultyProxy(server.port)
        val endpoint = Endpoint(proxy.through(server.url))

        override fun close() {
            proxy.close()
            server.close()
        }
    }

    private class Load(scope: CoroutineScope, private val group: PoolGroup) {
        val served = ConcurrentHashMap<String, LongAdder>()
        val lost = AtomicInteger()
        private val callers = List(CALLERS) { scope.launch { while (isActive) ask() } }

        /** A connection that is lost in the middle of a question is its server's doing: who asks again is served by another. */
        private suspend fun ask() = try {
            val name = group.withConnection(PATIENCE) {
                send("who?")
                receiveText(PATIENCE)
            }
            served.computeIfAbsent(name) { LongAdder() }.increment()
        } catch (_: ConnectionLostException) {
            lost.incrementAndGet()
        }

        fun count(name: String): Long = served[name]?.sum() ?: 0

        suspend fun awaitMore(count: Long, name: String? = null) {
            fun now() = if (name == null) served.values.sumOf { it.sum() } else count(name)
            val before = now()
            withTimeout(PATIENCE) { while (now() < before + count) delay(1.milliseconds) }
        }

        suspend fun end() = callers.forEach { it.cancelAndJoin() }
    }

    @Test
    fun noCallerFailsWhomAnotherServerCouldServe() {
        val sites = "abcdef".associate { "$it" to Site("$it") }
        val endpoints = MutableStateFlow("abcde".map { sites.getValue("$it").endpoint }.toSet())
        val group = PoolGroup(Discovery.of(endpoints)) {
            maxConnections = 40
            balancer = Balancer.LeastLeased
            ejection = Ejection(failures = 3, firstTime = 500.milliseconds, longestTime = 1.seconds)
            connectPatience = 200.milliseconds
            pools {
                maxConnections = 8
                connectTimeout = 1.seconds
                pingInterval = 200.milliseconds
                pongTimeout = 300.milliseconds
            }
        }
        try {
            runBlocking(testThreads) {
                val load = Load(this, group)
                for (name in listOf("a", "b", "c", "d", "e")) load.awaitMore(20, name)

                sites.getValue("a").close() // killed
                load.awaitMore(500)

                val slow = sites.getValue("b")
                val before = listOf(load.count("b"), load.count("c"))
                slow.pause = 50
                load.awaitMore(500)
                assertTrue(load.count("b") - before[0] < load.count("c") - before[1], "load moves away from the slow one: ${load.served}")
                slow.pause = 0

                sites.getValue("c").proxy.run {
                    upstream.isStalled = true // half open
                    downstream.isStalled = true
                }
                load.awaitMore(500)

                endpoints.value += sites.getValue("f").endpoint
                load.awaitMore(20, "f")
                endpoints.value -= sites.getValue("d").endpoint
                load.awaitMore(500)
                val ofD = load.count("d")
                load.awaitMore(500)
                assertEquals(ofD, load.count("d"), "it was removed")
                load.end()

                val stats = group.stats
                assertEquals(listOf(0L, 0L), listOf(stats.timedOut, stats.refused), "$stats")
                assertTrue(load.lost.get() <= CALLERS * 3, "lost ${load.lost}: more than were under way") // killed, half open
            }
        } finally {
            group.close()
            runBlocking { withTimeout(PATIENCE) { group.awaitClosed() } }
            sites.values.forEach { it.close() }
        }
    }

    private companion object {
        const val CALLERS = 16
        val PATIENCE = 30.seconds
    }
}
