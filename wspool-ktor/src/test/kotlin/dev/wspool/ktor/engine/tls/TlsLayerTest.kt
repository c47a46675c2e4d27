package dev.wspool.ktor.engine.tls

import org.junit.jupiter.api.Test
import java.nio.ByteBuffer
import java.util.concurrent.atomic.AtomicReference
import kotlin.concurrent.thread
import kotlin.random.Random
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** Bytes in, bytes out, however they are cut. */
class TlsLayerTest {
    @BothVersions
    fun handsAreShakenAndDataPassesBothWays(protocol: String) {
        val server = TlsEnds.server(protocol = protocol)
        val client = TlsEnds.client()
        assertFalse(client.layer.isEstablished)
        client.shakeHands(server)
        assertTrue(client.layer.isEstablished)
        assertEquals(protocol, client.layer.session().protocol)
        assertEquals(server.engine.session.cipherSuite, client.layer.session().cipherSuite)
        assertEquals(listOf(TlsEnds.KEYS.certificate), client.layer.session().peerCertificates)
        server.answer(client.say("ping".toByteArray()))
        assertEquals("ping", server.received.decodeToString())
        client.answer(server.say("pong".toByteArray()))
        assertEquals("pong", client.received.decodeToString())
    }

    /** The handshake is done inside unwrap with 1.2, inside wrap with 1.3. */
    @BothVersions
    fun dataBehindTheLastOfTheHandshakeIsNotLost(protocol: String) {
        val server = TlsEnds.server(protocol = protocol)
        val client = TlsEnds.client()
        val finished = client.answer(server.answer(client.answer(ByteArray(0))))
        client.answer(server.answer(finished) + server.say("at once".toByteArray()))
        assertTrue(client.layer.isEstablished)
        assertEquals("at once", client.received.decodeToString())
        client.assertIdle()
    }

    @BothVersions
    fun anySplitOfTheBytesGivesTheSame(protocol: String) {
        for (seed in 1..40) {
            val random = Random(seed)
            val most = listOf(2, 40, 5_000, 40_000)[seed % 4]
            val split = { random.nextInt(1, most) }
            val server = TlsEnds.server(protocol = protocol)
            val client = TlsEnds.client().shakeHands(server, split)
            val sent = List(8) { random.nextBytes(if (random.nextBoolean()) random.nextInt(200) else random.nextInt(40_000)) }
            assertEquals(0, client.answer(sent.map(server::say).join(), split).size)
            assertContentEquals(sent.join(), client.received, "seed $seed")
            client.assertIdle()
        }
    }

    @BothVersions
    fun manySmallRecordsInOneReadAllArrive(protocol: String) {
        val (client, server) = connected(protocol)
        val sent = List(2_000) { byteArrayOf(it.toByte()) }
        client.answer(sent.map(server::say).join())
        assertContentEquals(sent.join(), client.received)
        client.assertIdle()
    }

    @BothVersions
    fun largeDataPassesBothWays(protocol: String) {
        val (client, server) = connected(protocol)
        val large = Random(7).nextBytes(450_000)
        server.answer(client.say(large))
        assertContentEquals(large, server.received)
        client.answer(server.say(large)) { 65_536 }
        assertContentEquals(large, client.received)
        client.assertIdle()
    }

    @BothVersions
    fun recordsThatFitAreWrappedAtOnceAndTheRestWhenThereIsRoom(protocol: String) {
        val (client, server) = connected(protocol)
        val plain = ByteBuffer.wrap(Random(1).nextBytes(50_000))
        val cipher = ByteBuffer.allocate(40_000)
        assertEquals(Wrapped.Full, client.layer.wrap(plain, cipher))
        assertTrue(plain.position() in 20_000 until 50_000)
        server.answer(cipher.taken())
        assertEquals(plain.position(), server.received.size)
        assertEquals(Wrapped.Done, client.layer.wrap(plain, cipher.clear()))
        server.answer(cipher.taken())
        assertContentEquals(plain.array(), server.received)
        assertEquals(Wrapped.Full, client.layer.wrap(ByteBuffer.allocate(1), ByteBuffer.allocate(client.layer.packetSize - 1)))
    }

    @BothVersions
    fun plaintextWaitsForTheHandshake(protocol: String) {
        val client = TlsEnds.client()
        val plain = ByteBuffer.wrap("early".toByteArray())
        val cipher = ByteBuffer.allocate(client.layer.packetSize)
        assertEquals(Wrapped.Done, client.layer.wrap(plain, cipher))
        assertEquals(5, plain.remaining())
        assertTrue(cipher.position() > 0)
        val server = TlsEnds.server(protocol = protocol)
        client.answer(server.answer(client.answer(server.answer(cipher.taken()))))
        assertEquals(Wrapped.Done, client.layer.wrap(plain, cipher.clear()))
        server.answer(cipher.taken())
        assertEquals("early", server.received.decodeToString())
    }

    /** Random appetites against random pieces: all that was sent arrives, in order, and only when it is asked for. */
    @BothVersions
    fun whoWantsNoMoreIsLeftAloneAndLosesNothing(protocol: String) {
        for (seed in 1..30) {
            val random = Random(seed)
            val (client, server) = connected(protocol)
            client.onPlain = { bytes ->
                val takesAll = random.nextBoolean()
                client.take(bytes, if (takesAll) bytes.remaining() else random.nextInt(bytes.remaining() + 1)) && random.nextBoolean()
            }
            val sent = List(10) { random.nextBytes(random.nextInt(20_000)) }
            client.answer(sent.map(server::say).join()) { random.nextInt(1, 30_000) }
            repeat(10_000) { if (client.outcomes.last() == Received.Stopped) client.answer(ByteArray(0)) }
            assertEquals(Received.Hungry, client.outcomes.last())
            assertContentEquals(sent.join(), client.received, "seed $seed")
            client.assertIdle()
        }
    }

    @BothVersions
    fun nothingIsHandedOutBehindAStop(protocol: String) {
        val (client, server) = connected(protocol)
        var calls = 0
        client.onPlain = { calls++; client.take(it); false }
        client.answer(server.say("a".toByteArray()) + server.say("b".toByteArray()) + server.say("c".toByteArray()))
        assertEquals("a", client.received.decodeToString())
        assertEquals(Received.Stopped, client.outcomes.last())
        client.answer(server.say("d".toByteArray()))
        assertEquals("ab", client.received.decodeToString())
        assertEquals(2, calls)
        client.onPlain = client::take
        client.answer(ByteArray(0))
        assertEquals("abcd", client.received.decodeToString())
        client.assertIdle()
    }

    @BothVersions
    fun halfARecordHoldsNoMoreThanItNeeds(protocol: String) {
        val (client, server) = connected(protocol)
        val small = server.say(ByteArray(100))
        client.answer(small.copyOf(small.size - 1))
        assertEquals(1, client.buffers.taken)
        client.answer(small.copyOfRange(small.size - 1, small.size))
        client.assertIdle()
        assertEquals(1, client.buffers.idle, "only the plaintext's buffer is shared, half a small record has one of its size")
    }

    @BothVersions
    fun closingGivesAllBuffersBackAndReceivesNoMore(protocol: String) {
        val (client, server) = connected(protocol)
        client.onPlain = { false }
        val bytes = server.say(ByteArray(100)) + server.say(ByteArray(20_000))
        client.answer(bytes)
        assertEquals(2, client.buffers.taken)
        client.layer.close()
        client.assertIdle()
        client.layer.close()
        client.answer(bytes)
        assertEquals(Received.Closed, client.outcomes.last())
        client.assertIdle()
    }

    @BothVersions
    fun whoTakesPlaintextMayClose(protocol: String) {
        val (client, server) = connected(protocol)
        client.onPlain = { bytes ->
            client.layer.close()
            assertEquals(1, client.buffers.taken, "the buffer was given back while it is read")
            client.take(bytes)
        }
        client.answer(server.say("last".toByteArray()) + server.say("never".toByteArray()))
        assertEquals("last", client.received.decodeToString())
        assertEquals(Received.Closed, client.outcomes.last())
        client.assertIdle()
    }

    /** The lock of the connection keeps senders apart, and nothing keeps them from the receiver. */
    @BothVersions
    fun oneThreadSendsWhileAnotherReceives(protocol: String) {
        val (client, server) = connected(protocol)
        val coming = Random(1).nextBytes(450_000)
        val bytes = server.say(coming)
        val said = AtomicReference<ByteArray>()
        val sender = thread { said.set(client.say(coming)) }
        client.answer(bytes) { 10_000 }
        sender.join()
        server.answer(said.get())
        assertContentEquals(coming, client.received)
        assertContentEquals(coming, server.received)
    }

    @Test
    fun taskIsGivenToOneThreadAlone() {
        val server = TlsEnds.server()
        val client = TlsEnds.client()
        val answer = ByteBuffer.wrap(server.answer(client.answer(ByteArray(0))))
        assertEquals(Received.Task, client.layer.receive(answer, client.onPlain))
        val task = client.layer.delegatedTask()!!
        assertNull(client.layer.delegatedTask())
        assertEquals(Received.Task, client.layer.receive(TlsServer.EMPTY, client.onPlain))
        assertEquals(Wrapped.Task, client.layer.wrap(TlsServer.EMPTY, ByteBuffer.allocate(client.layer.packetSize)))
        task.run()
        server.answer(client.answer(ByteArray(0)))
        assertTrue(client.layer.isEstablished)
    }
}
