package dev.wspool.ktor

import dev.wspool.CloseInfo
import dev.wspool.ConnectFailedException
import dev.wspool.ConnectionLostException
import dev.wspool.Endpoint
import dev.wspool.Message
import dev.wspool.MessageTooBigException
import dev.wspool.ktor.ScriptedServer.Companion.BINARY
import dev.wspool.ktor.ScriptedServer.Companion.CLOSE
import dev.wspool.ktor.ScriptedServer.Companion.CONTINUATION
import dev.wspool.ktor.ScriptedServer.Companion.FIN
import dev.wspool.ktor.ScriptedServer.Companion.PING
import dev.wspool.ktor.ScriptedServer.Companion.PONG
import dev.wspool.ktor.ScriptedServer.Companion.RSV1
import dev.wspool.ktor.ScriptedServer.Companion.TEXT
import dev.wspool.ktor.ScriptedServer.Companion.closePayload
import dev.wspool.ktor.ScriptedServer.Companion.upgradeAndListen
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.cio.endpoint
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.server.application.install
import io.ktor.server.routing.routing
import io.ktor.server.websocket.webSocket
import io.ktor.websocket.Frame
import io.ktor.websocket.WebSocketDeflateExtension
import io.ktor.websocket.readText
import io.ktor.websocket.send
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Test
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import io.ktor.server.websocket.WebSockets as ServerWebSockets

/** What Ktor's CIO client does to whoever builds a pool on it, each as a rule that we keep all the same. */
class CioTrapsTest {
    // Limits

    @Test
    fun ownClientOpensMoreThanCiosHundredConnectionsPerRoute() = ScriptedServer(script = upgradeAndListen).use { server ->
        rule {
            coroutineScope { List(130) { async { open(server.url) } }.awaitAll() }
            server.awaitOpen(130)
        }
    }

    // Cancellation

    @Test
    fun opensCancelledAtAnyMomentLeaveNoSocketAndEveryPermit() {
        val client = HttpClient(CIO) {
            install(WebSockets)
            engine {
                maxConnectionsCount = PERMITS
                endpoint { maxConnectionsPerRoute = PERMITS }
            }
        }
        ScriptedServer(script = upgradeAndListen).use { server ->
            rule(CioConnector(client)) {
                // What is loaded once would hide the short timeouts. It stays, as only with another connection open does Ktor's
                // selector go on, and close what was cancelled in the moment between TCP's connect and Ktor's notice of it.
                open(server.url)
                val opened = AtomicInteger()
                repeat(SWEEPS) { sweep ->
                    coroutineScope {
                        repeat(AT_ONCE) { number ->
                            launch {
                                // Set inside: a timeout that comes as the block returns drops its result, here an open connection.
                                var link: Stage.Link? = null
                                withTimeoutOrNull(((sweep * AT_ONCE + number) % 13).milliseconds) { link = open(server.url) }
                                link?.let {
                                    opened.incrementAndGet()
                                    it.connection.abort()
                                    it.listener.awaitClosed()
                                }
                            }
                        }
                    }
                }
                server.awaitOpen(1)
                List(PERMITS - 1) { async { open(server.url) } }.awaitAll()
                server.awaitOpen(PERMITS)
                println("Of ${SWEEPS * AT_ONCE} opens under 0 to 12 ms, $opened were in time")
            }
        }
        client.close()
    }

    @Test
    fun serverThatAcceptsAndStaysSilentIsLeftWhenTheCallerGivesUp() {
        val asked = CompletableDeferred<String>()
        ScriptedServer {
            asked.complete(request)
            awaitEnd()
        }.use { server ->
            rule {
                val dial = launch { open(server.url) }
                asked.await()
                dial.cancelAndJoin()
                server.awaitNoneOpen()
            }
        }
    }

    @Test
    fun connectInAScopeThatHasEndedFailsInsteadOfWaiting() = ScriptedServer(script = upgradeAndListen).use { server ->
        rule {
            val listener = listener().also { it.scope.cancel() }
            val failure = assertFailsWith<ConnectFailedException> { connector.connect(Endpoint(server.url), listener) }
            assertEquals("Connecting to ${server.url} was cut short, as the pool is being closed", failure.message)
            assertFalse(listener.isClosed, "What was never open is not told of as closed")
            server.awaitNoneOpen()
        }
    }

    /** Time and again, as Ktor never ends the frames of a call that is cancelled before its own coroutine has started. */
    @Test
    fun clientThatIsCancelledEndsItsConnections() = ScriptedServer(script = upgradeAndListen).use { server ->
        repeat(20) {
            val client = HttpClient(CIO) { install(WebSockets) }
            rule(CioConnector(client)) {
                val link = open(server.url)
                client.cancel()
                assertEquals(CloseInfo(CloseInfo.ABNORMAL), link.listener.awaitClosed())
                assertIs<ConnectFailedException>(runCatching { open(server.url) }.exceptionOrNull())
            }
        }
        server.awaitNoneOpen()
    }

    // Reading

    @Test
    fun pingsAreAnsweredWhileSendersWaitForAPeerThatReadsSlowly() {
        val payload = "are you there".toByteArray()
        ScriptedServer {
            upgrade()
            frame(FIN or PING, payload)
            assertContentEquals(payload, read(PONG))
            text("pong has come")
            awaitEnd()
        }.use { server ->
            rule {
                val link = open(server.url)
                val sender = launch { runCatching { link.connection.send(Message.Binary(ByteArray(32 shl 20))) } }
                assertEquals(Message.Text("pong has come"), link.listener.awaitMessage())
                link.connection.abort()
                sender.join()
            }
        }
    }

    @Test
    fun manyPingsOfAPeerThatDoesNotReadAreAnsweredWithTheNewest() = ScriptedServer {
        upgrade()
        repeat(5_000) { frame(FIN or PING, "$it".toByteArray()) }
        text("all sent")
        while (read(PONG).decodeToString() != "4999") continue
        text("newest answered")
        awaitEnd()
    }.use { server ->
        rule {
            val link = open(server.url)
            assertEquals(Message.Text("all sent"), link.listener.awaitMessage())
            assertEquals(Message.Text("newest answered"), link.listener.awaitMessage())
        }
    }

    @Test
    fun compressedFrameEndsTheConnectionAndNamesTheDeflatePlugin() = ScriptedServer {
        upgrade()
        frame(FIN or RSV1 or TEXT, byteArrayOf(1, 2, 3))
        text("${readClose()}")
    }.use { server ->
        rule {
            val link = open(server.url)
            assertEquals(CloseInfo.PROTOCOL_ERROR, link.listener.awaitClosed().code)
            val cause = assertIs<ConnectionLostException>(link.listener.closedCause)
            assertTrue("WebSocketDeflateExtension" in cause.message.orEmpty(), cause.message)
        }
    }

    @Test
    fun violationsAreToldToThePeerWithTheirCode() {
        val told = listOf<Pair<Int, ScriptedServer.Peer.() -> Unit>>(
            1002 to { frame(FIN or CONTINUATION) },
            1002 to { frame(TEXT); frame(FIN or BINARY) },
            1002 to { frame(FIN or 3) },
            1002 to { frame(FIN or CLOSE, byteArrayOf(3)) },
            1002 to { frame(FIN or CLOSE, closePayload(1005)) },
            1007 to { frame(FIN or CLOSE, closePayload(1000) + 0xFF.toByte()) },
            1007 to { frame(TEXT, byteArrayOf(0xC3.toByte())); frame(FIN or CONTINUATION, byteArrayOf(0x28)) },
            1009 to { frame(FIN or BINARY, ByteArray(1_001)) },
            1009 to { frame(BINARY, ByteArray(600)); frame(FIN or CONTINUATION, ByteArray(401)) },
        )
        for ((code, wrong) in told) {
            val heard = CompletableDeferred<Int>()
            ScriptedServer {
                upgrade()
                wrong()
                heard.complete(readClose().first)
                awaitEnd()
            }.use { server ->
                HttpClient(CIO) { install(WebSockets) { maxFrameSize = 1_000 } }.use { client ->
                    rule(CioConnector(client)) {
                        val link = open(server.url)
                        assertEquals(code, heard.await())
                        assertEquals(code, link.listener.awaitClosed().code)
                        if (code == 1009) assertEquals(1_000, assertIs<MessageTooBigException>(link.listener.closedCause).limit)
                        assertEquals(emptyList(), link.listener.messages)
                        server.awaitNoneOpen()
                    }
                }
            }
        }
    }

    @Test
    fun replacementCharacterThatThePeerSentIsText() = ScriptedServer {
        upgrade()
        text("\uFFFD is a character")
        awaitEnd()
    }.use { server -> rule { assertEquals(Message.Text("\uFFFD is a character"), open(server.url).listener.awaitMessage()) } }

    @Test
    fun listenerThatThrowsEndsItsConnection() = ScriptedServer { upgrade(); text("boom"); awaitEnd() }.use { server ->
        rule {
            val listener = listener().also { it.onReceive = { error("secret=hunter2") } }
            connector.connect(Endpoint("${server.url}?secret=hunter2"), listener)
            assertEquals(CloseInfo(CloseInfo.ABNORMAL), listener.awaitClosed())
            assertFalse("hunter2" in listener.closedCause?.stackTraceToString().orEmpty())
            server.awaitNoneOpen()
        }
    }

    // Writing

    @Test
    fun senderWaitsForAPeerThatDoesNotReadThoughKtorTakesWithoutBound() {
        val readOn = CountDownLatch(1)
        ScriptedServer {
            upgrade()
            while (readOn.count > 0) text("tick")
            awaitEnd()
        }.use { server ->
            rule {
                val link = open(server.url)
                val taken = AtomicLong()
                val sender = async {
                    runCatching { repeat(256) { link.connection.send(Message.Binary(ByteArray(MIB))).also { taken.addAndGet(1) } } }
                }
                do { // Ktor, left alone, would take all in no time
                    val before = taken.get()
                    repeat(TICKS) { link.listener.awaitMessage() }
                } while (taken.get() > before)
                assertFalse(sender.isCompleted)
                assertTrue(taken.get() < 64, "${taken.get()} MiB taken")
                val closed = withTimeoutOrNull(50.milliseconds) { link.connection.close(1000, "") }
                assertNull(closed, "A Close is on its way past a stuck writer")
                link.connection.abort()
                assertIs<ConnectionLostException>(sender.await().exceptionOrNull())
                assertEquals(CloseInfo.ABNORMAL, link.listener.awaitClosed().code)
                readOn.countDown() // CIO keeps the socket until now
                server.awaitNoneOpen()
            }
        }
    }

    @Test
    fun largeMessageGoesInFragmentsThatAPingOvertakes() {
        val frames = CompletableDeferred<List<Int>>()
        val pinged = CountDownLatch(1)
        ScriptedServer {
            upgrade()
            pinged.await()
            val seen = ArrayList<Int>()
            while (seen.count { it == FIN or CONTINUATION } == 0) seen += (read() ?: break).first
            frames.complete(seen)
            awaitEnd()
        }.use { server ->
            rule {
                val link = open(server.url)
                val sender = launch { link.connection.send(Message.Binary(ByteArray(32 * MIB))) }
                val ping = launch { link.connection.ping(ByteArray(3)) }
                ping.join()
                pinged.countDown()
                sender.join()
                val seen = frames.await()
                assertTrue(FIN or PING in seen.dropLast(1), "The ping came behind the message")
                assertEquals(listOf(BINARY) + List(32 * 16 - 2) { CONTINUATION } + (FIN or CONTINUATION), seen - (FIN or PING))
            }
        }
    }

    /** Time and again, as Ktor's writer goes on for a moment after its call is cancelled, and continues the wrong message. */
    @Test
    fun nothingIsPutBehindAMessageThatWasCutShort() {
        val mixed = AtomicLong()
        ScriptedServer {
            upgrade()
            while (true) {
                val (first, payload) = read() ?: break
                if (first == FIN or CONTINUATION && payload.decodeToString() == "marker") mixed.incrementAndGet()
            }
        }.use { server ->
            rule {
                val long = Message.Text("x".repeat(8 * MIB))
                repeat(50) {
                    val link = open(server.url)
                    val sender = launch { link.connection.send(long) }
                    yield()
                    sender.cancelAndJoin()
                    runCatching { link.connection.send(Message.Text("marker")) }
                    link.connection.abort()
                }
                server.awaitNoneOpen()
                assertEquals(0, mixed.get())
            }
        }
    }

    @Test
    fun arrayMayChangeWhenSendHasReturned() {
        val received = CompletableDeferred<Boolean>()
        ScriptedServer {
            upgrade()
            received.complete((1..500).all { number -> read(BINARY).all { it == number.toByte() } })
            awaitEnd()
        }.use { server ->
            rule {
                val link = open(server.url)
                val bytes = ByteArray(1_000)
                for (number in 1..500) {
                    bytes.fill(number.toByte())
                    link.connection.send(Message.Binary(bytes))
                }
                assertTrue(received.await())
            }
        }
    }

    @Test
    fun whatCannotBeSentIsRefusedBeforeItIsTried() = ScriptedServer(script = upgradeAndListen).use { server ->
        rule {
            val connection = open(server.url).connection
            for (code in listOf(0, 999, 1004, 1005, 1006, 1015, 2999, 5000)) {
                val failure = assertFailsWith<IllegalArgumentException> { connection.close(code, "") }
                assertEquals("$code is no close code that may be sent", failure.message)
            }
            val long = assertFailsWith<IllegalArgumentException> { connection.close(1000, "é".repeat(62)) }
            assertEquals("A close reason holds at most 123 bytes of UTF-8, not 124", long.message)
            val ping = assertFailsWith<IllegalArgumentException> { connection.ping(ByteArray(126)) }
            assertEquals("A ping holds at most 125 bytes, not 126", ping.message)
        }
    }

    @Test
    fun messagesAfterOwnCloseAreNotReadAndTheirSenderIsHeardOut() = ScriptedServer {
        upgrade()
        text("first") // at which the listener says stop
        readClose()
        repeat(100) { text("late $it") }
        frame(FIN or CLOSE, closePayload(1000))
        awaitEnd()
    }.use { server ->
        rule {
            val link = open(server.url).also { it.listener.stop() }
            link.listener.awaitMessage()
            link.connection.close(4000, "enough")
            link.connection.close(4001, "harmless again")
            assertEquals(CloseInfo.NORMAL, link.listener.awaitClosed().code)
            val lost = assertFailsWith<ConnectionLostException> { link.connection.send(Message.Text("late")) }
            assertEquals(CloseInfo(CloseInfo.NORMAL), lost.closeInfo)
            assertEquals(1, link.listener.messageCount)
            server.awaitNoneOpen()
        }
    }

    // Extensions, and a server that we did not write

    @Test
    fun clientWithTheDeflatePluginWorksUncompressed() = ktorServer({
        install(ServerWebSockets) { extensions { install(WebSocketDeflateExtension) } }
        routing {
            webSocket("/echo") {
                send(call.request.headers["Sec-WebSocket-Extensions"] ?: "nothing offered")
                for (frame in incoming) if (frame is Frame.Text) send(frame.readText())
            }
        }
    }) { url ->
        HttpClient(CIO) { install(WebSockets) { extensions { install(WebSocketDeflateExtension) } } }.use { client ->
            rule(CioConnector(client)) {
                val link = open("$url/echo")
                assertEquals(Message.Text("nothing offered"), link.listener.awaitMessage())
                val texts = List(200) { "$it ".repeat(50 * it) }
                val sends = launch { texts.forEach { link.connection.send(Message.Text(it)) } }
                for (text in texts) assertEquals(Message.Text(text), link.listener.awaitMessage())
                sends.join()
                link.connection.close(1000, "done")
                assertEquals(CloseInfo(1000, "done"), link.listener.awaitClosed())
            }
        }
    }

    private companion object {
        const val PERMITS = 20
        const val SWEEPS = 130
        const val AT_ONCE = 4
        const val TICKS = 2_000
        const val MIB = 1 shl 20
    }
}
