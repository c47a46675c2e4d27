package dev.wspool.ktor

import dev.wspool.ConnectionLostException
import dev.wspool.DnsDiscovery
import dev.wspool.Ejection
import dev.wspool.Endpoint
import dev.wspool.EndpointState
import dev.wspool.PoolGroup
import dev.wspool.test.PeerFrame
import dev.wspool.test.PeerWire
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import dev.wspool.withConnection
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.net.InetAddress
import java.net.ServerSocket
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.LongAdder
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A group of real servers that change while they are used. All of 127.0.0.0/8 is this machine, on Linux. */
@Timeout(120)
class FleetChangesTest {
    private val served = ConcurrentHashMap<String, LongAdder>()
    private val lost = AtomicInteger()

    /** Tells its [name], when it is asked, and can get into trouble. */
    private class Site(name: String, socket: ServerSocket = ServerSocket(0, 50, address(1))) : AutoCloseable {
        @Volatile
        var isDown = false
        val connections = ConcurrentLinkedQueue<PeerWire>()
        val server = ScriptedServer(socket) {
            if (isDown) Scripts.resetInHandshake(this)
            upgrade()
            connections += this
            while (true) {
                receive(PeerFrame.TEXT)
                text(name)
            }
        }
        val url get() = server.url

        fun goDown() {
            isDown = true
            connections.forEach { it.reset() }
        }

        override fun close() = server.close()
    }

    private suspend fun PoolGroup.ask() = try {
        val name = withConnection(PATIENCE) {
            send("who?")
            receiveText(PATIENCE)
        }
        served.computeIfAbsent(name) { LongAdder() }.increment()
    } catch (_: ConnectionLostException) {
        lost.incrementAndGet()
    }

    private fun CoroutineScope.callers(group: PoolGroup): List<Job> = List(8) { launch { while (isActive) group.ask() } }

    private fun count(name: String) = served[name]?.sum() ?: 0

    private suspend fun more(name: String, by: Long = 50) {
        val before = count(name)
        until { count(name) >= before + by }
    }

    private suspend fun until(condition: () -> Boolean) = withTimeout(PATIENCE) { while (!condition()) delay(1.milliseconds) }

    private fun play(group: PoolGroup, vararg sites: Site, scene: suspend CoroutineScope.() -> Unit) = try {
        runBlocking(testThreads) { scene() }
    } finally {
        group.close()
        runBlocking { withTimeout(PATIENCE) { group.awaitClosed() } }
        sites.forEach { it.close() }
    }

    @Test
    fun addressesChangeUnderLoadAndNobodyFails() {
        val one = Site("one")
        val two = Site("two", ServerSocket(one.server.port, 50, address(2)))
        var known = listOf(1, 3) // nobody listens at the last
        val endpoint = Endpoint("ws://svc.test:${one.server.port}/")
        val group = PoolGroup(DnsDiscovery(endpoint, 100.milliseconds, 50.milliseconds) { known.map(::address) }) {
            ejection = Ejection(failures = 2, firstTime = 200.milliseconds, longestTime = 400.milliseconds)
        }
        play(group, one, two) {
            val callers = callers(group)
            more("one")
            known = listOf(1, 2)
            more("two")
            known = listOf(2, 3)
            until { group.stats.endpoints.none { "127.0.0.1" in it.address } }
            val ofOne = count("one")
            more("two", 200)
            assertEquals(ofOne, count("one"))
            known = emptyList() // says nothing: what was known stays
            more("two", 200)
            known = listOf(1)
            more("one")
            callers.forEach { it.cancelAndJoin() }
            assertEquals(0, lost.get())
        }
    }

    @Test
    fun aServerThatClosedItsIdleConnectionsInTroubleComesBackThoughNobodyWaits() {
        val a = Site("a")
        val b = Site("b")
        val group = PoolGroup(a.url, b.url) {
            ejection = Ejection(failures = 3, firstTime = 300.milliseconds, longestTime = 1.seconds)
            pools { minIdle = 5 }
        }
        play(group, a, b) {
            until { group.stats.idle == 10 && a.connections.size == 5 }
            a.connections.forEach { it.send(PeerFrame.close(1011)) }
            until { group.stats.ejections > 0 }
            until { group.stats.endpoints.all { it.state == EndpointState.Serving } }
        }
    }

    @Test
    fun aServerThatComesBackUnderFullLoadGetsItsShare() {
        val a = Site("a")
        val b = Site("b")
        val group = PoolGroup(a.url, b.url) {
            maxConnections = 4 // for eight callers, so that none is ever idle
            ejection = Ejection(failures = 2, firstTime = 200.milliseconds, longestTime = 400.milliseconds)
        }
        play(group, a, b) {
            val callers = callers(group)
            more("a")
            a.goDown()
            more("b", 1_000)
            a.isDown = false
            more("a")
            callers.forEach { it.cancelAndJoin() }
        }
    }

    private companion object {
        val PATIENCE = 30.seconds

        fun address(last: Int): InetAddress = InetAddress.getByAddress(byteArrayOf(127, 0, 0, last.toByte()))
    }
}
