package dev.wspool.testkit

import dev.wspool.test.FaultyProxy
import dev.wspool.test.PeerFrame.Companion.TEXT
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import org.junit.jupiter.api.Test
import java.net.ConnectException
import java.util.concurrent.CountDownLatch
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.seconds

/** What a [FaultyProxy] does to real connections, told by orders and states. */
class FaultyProxyTest {
    @Test
    fun carriesBothWaysAndCountsWhatIsOpen() = ScriptedServer(Scripts.echo).use { server ->
        FaultyProxy(server.port).use { proxy ->
            val clients = List(3) { PlainClient(proxy.port).open() }
            for (client in clients) client.echo("hello")
            assertEquals(3 to 3, proxy.open to proxy.accepted)
            clients.first().close()
            proxy.awaitOpen(2)
            server.awaitOpen(2)
            assertEquals(3, proxy.accepted)
            clients.last().echo("still there")
            assertEquals("ws://ann:pw@127.0.0.1:${proxy.port}/a%20b?c=d", proxy.through("ws://ann:pw@localhost:1/a%20b?c=d"))
        }
        server.awaitNoneOpen()
    }

    @Test
    fun whatIsDelayedIsOvertakenByWhatWasSentLaterAndComesInTheEnd() = ScriptedServer(Scripts.echo).use { server ->
        for (isUpstream in listOf(true, false)) {
            FaultyProxy(server.port).use { proxy ->
                val slow = PlainClient(proxy.port).open()
                val fast = PlainClient(server.port).open()
                (if (isUpstream) proxy.upstream else proxy.downstream).delay = 1.seconds
                val order = LinkedBlockingQueue<String>()
                slow.send(TEXT, "first".toByteArray())
                thread { order += slow.frame().text }
                fast.echo("second")
                order += "second"
                assertEquals(listOf("second", "first"), List(2) { order.poll(PATIENCE, TimeUnit.SECONDS) })
            }
        }
    }

    @Test
    fun aDelayThatIsTakenAwayHoldsNothingBack() = ScriptedServer(Scripts.echo).use { server ->
        FaultyProxy(server.port).use { proxy ->
            val client = PlainClient(proxy.port).open()
            proxy.downstream.delay = 1.hours
            client.send(TEXT, "1".toByteArray())
            client.impatient { assertFailsWith<java.net.SocketTimeoutException> { client.read() } }
            proxy.downstream.delay = Duration.ZERO
            assertEquals("81 1", "${client.frame()}")
        }
    }

    @Test
    fun whatIsStalledStopsOneWayAloneAndNothingIsLost() {
        val received = LinkedBlockingQueue<String>()
        ScriptedServer {
            upgrade()
            frames().forEach {
                received += it.payload.decodeToString()
                send(it)
            }
        }.use { server ->
            FaultyProxy(server.port).use { proxy ->
                val client = PlainClient(proxy.port).open()
                proxy.downstream.isStalled = true
                client.send(TEXT, "1".toByteArray())
                assertEquals("1", received.poll(PATIENCE, TimeUnit.SECONDS))
                client.impatient { assertFailsWith<java.net.SocketTimeoutException> { client.read() } }
                proxy.upstream.isStalled = true
                proxy.downstream.isStalled = false
                assertEquals("81 1", "${client.frame()}")
                client.send(TEXT, "2".toByteArray())
                client.impatient { assertFailsWith<java.net.SocketTimeoutException> { client.read() } }
                assertTrue(received.isEmpty())
                proxy.upstream.isStalled = false
                assertEquals("81 2", "${client.frame()}")
            }
        }
    }

    @Test
    fun aStallHoldsBackWhoSends() {
        val sent = AtomicInteger()
        val isStalled = CountDownLatch(1)
        ScriptedServer {
            upgrade()
            isStalled.await()
            repeat(MIBS) {
                write(ByteArray(1 shl 20))
                sent.incrementAndGet()
            }
        }.use { server ->
            FaultyProxy(server.port).use { proxy ->
                val client = PlainClient(proxy.port).open()
                proxy.downstream.isStalled = true
                isStalled.countDown()
                var before = -1
                while (sent.get() > before) { // until nothing moves: the kernel's buffers are full
                    before = sent.get()
                    client.impatient { while (runCatching { client.read() }.isSuccess) continue }
                }
                assertTrue(before < MIBS, "All of it went into a proxy that stands still")
                proxy.downstream.isStalled = false
                assertEquals("FIN", client.end())
                assertEquals(MIBS, sent.get())
            }
        }
    }

    @Test
    fun whatIsThrottledIsOvertakenByWhatIsNotAndComesWhole() {
        val isThrottled = CountDownLatch(1)
        val uploaded = CountDownLatch(1)
        val bytes = ByteArray(20_000) { it.toByte() }
        val upload = ByteArray(MIBS shl 20)
        ScriptedServer {
            upgrade()
            isThrottled.await()
            thread(isDaemon = true) { write(bytes) }
            assertEquals(upload.size, receive().payload.size)
            uploaded.countDown()
            awaitEnd()
        }.use { server ->
            FaultyProxy(server.port).use { proxy ->
                val client = PlainClient(proxy.port).open()
                proxy.downstream.bytesPerSecond = 1_000 // 20 seconds
                isThrottled.countDown()
                client.write(byteArrayOf(0x82.toByte(), 0xFF.toByte(), 0, 0, 0, 0, (MIBS shr 4).toByte(), 0, 0, 0, 0, 0, 0, 0))
                client.write(upload)
                assertTrue(uploaded.await(PATIENCE, TimeUnit.SECONDS))
                val early = client.arrived
                assertTrue(early < bytes.size, "All $early bytes have come already")
                proxy.downstream.bytesPerSecond = Int.MAX_VALUE
                client.finish()
                assertEquals(bytes.toList(), client.readAll().toList())
            }
        }
    }

    @Test
    fun aCutIsAFinAndAResetAnRstToBothEnds() {
        val ends = LinkedBlockingQueue<String>()
        ScriptedServer {
            upgrade()
            ends += runCatching { receive() }.exceptionOrNull()!!.javaClass.simpleName
        }.use { server ->
            FaultyProxy(server.port).use { proxy ->
                val cuts = listOf(proxy::cut to ("FIN" to "EOFException"), proxy::reset to ("RST" to "SocketException"))
                for ((cut, end) in List(ROUNDS) { cuts }.flatten()) {
                    val client = PlainClient(proxy.port).open()
                    cut()
                    assertEquals(end.first, client.end())
                    assertEquals(end.second, ends.poll(PATIENCE, TimeUnit.SECONDS))
                    proxy.awaitOpen(0)
                }
            }
        }
    }

    @Test
    fun aResetEndsAlsoWhatIsStalled() = ScriptedServer(Scripts.echo).use { server ->
        FaultyProxy(server.port).use { proxy ->
            val client = PlainClient(proxy.port).open()
            proxy.upstream.isStalled = true
            proxy.downstream.isStalled = true
            client.send(TEXT, "hello".toByteArray())
            proxy.reset()
            assertEquals("RST", client.end())
            proxy.awaitOpen(0)
            server.awaitNoneOpen()
        }
    }

    @Test
    fun whatOneEndDoesTheOtherSees() {
        val ends = LinkedBlockingQueue<String>()
        ScriptedServer {
            upgrade()
            ends += runCatching { receive() }.exceptionOrNull()!!.javaClass.simpleName
        }.use { server ->
            FaultyProxy(server.port).use { proxy ->
                PlainClient(proxy.port).open().finish()
                assertEquals("EOFException", ends.poll(PATIENCE, TimeUnit.SECONDS))
                PlainClient(proxy.port).open().reset()
                assertEquals("SocketException", ends.poll(PATIENCE, TimeUnit.SECONDS))
            }
        }
        ScriptedServer(Scripts.resetInMidFragment).use { server ->
            FaultyProxy(server.port).use { assertEquals("RST", PlainClient(it.port).open().end()) }
        }
    }

    @Test
    fun whileItRefusesNobodyListensAndWhatIsOpenGoesOn() = ScriptedServer(Scripts.echo).use { server ->
        FaultyProxy(server.port).use { proxy ->
            val client = PlainClient(proxy.port).open()
            repeat(3) {
                assertFalse(proxy.isRefusing)
                proxy.isRefusing = true
                assertTrue(proxy.isRefusing)
                repeat(3) { assertFailsWith<ConnectException> { PlainClient(proxy.port) } }
                client.echo("still there")
                proxy.isRefusing = false
                PlainClient(proxy.port).use { it.open().echo("back again") }
            }
        }
    }

    @Test
    fun aServerThatIsNotThereHangsUp() {
        val port = ScriptedServer(Scripts.listen).use { it.port }
        FaultyProxy(port).use { proxy ->
            assertEquals("FIN", PlainClient(proxy.port).end())
            proxy.awaitOpen(0)
        }
    }

    @Test
    fun closeEndsAlsoWhatIsStalledDelayedAndThrottled() {
        ScriptedServer(Scripts.echo).use { server ->
            for (fault in listOf<FaultyProxy.() -> Unit>(
                { downstream.isStalled = true },
                { downstream.delay = 1.hours },
                { downstream.bytesPerSecond = 1 },
                { isRefusing = true },
            )) {
                val proxy = FaultyProxy(server.port)
                val client = PlainClient(proxy.port).open()
                proxy.fault()
                client.send(TEXT, "hello".toByteArray())
                proxy.close()
                client.end()
                proxy.awaitOpen(0)
                server.awaitNoneOpen()
                assertFailsWith<ConnectException> { PlainClient(proxy.port) }
            }
        }
    }

    private fun PlainClient.echo(text: String) {
        send(TEXT, text.toByteArray())
        assertEquals("81 $text", "${frame()}")
    }

    private companion object {
        const val PATIENCE = 20L
        const val MIBS = 64
        const val ROUNDS = 50
    }
}
