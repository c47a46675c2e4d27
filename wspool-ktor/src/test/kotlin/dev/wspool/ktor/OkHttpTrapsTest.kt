package dev.wspool.ktor

import dev.wspool.BorrowTimeoutException
import dev.wspool.CloseInfo
import dev.wspool.ConnectFailedException
import dev.wspool.ConnectionLostException
import dev.wspool.HandshakeFailedException
import dev.wspool.Message
import dev.wspool.MessageTooBigException
import dev.wspool.TransportConfig
import dev.wspool.test.PeerFrame
import dev.wspool.test.PeerFrame.Companion.BINARY
import dev.wspool.test.PeerFrame.Companion.CLOSE
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import io.ktor.client.HttpClient
import io.ktor.client.engine.okhttp.OkHttp
import io.ktor.client.engine.okhttp.OkHttpConfig
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.plugins.websocket.webSocket
import io.ktor.websocket.WebSocketDeflateExtension
import io.ktor.websocket.close
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import okhttp3.Dispatcher
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import java.io.File
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What Ktor's OkHttp engine, and OkHttp below it, do to whoever builds a pool on them, each as a rule that we keep all the same. */
class OkHttpTrapsTest {
    private val clients = ArrayList<HttpClient>()

    private fun client(engine: OkHttpConfig.() -> Unit = {}) = HttpClient(OkHttp) {
        install(WebSockets) { extensions { install(WebSocketDeflateExtension) } }
        engine(engine)
    }.also { clients += it }

    private fun limitedTo(requests: Int) = client { config { dispatcher(Dispatcher().apply { maxRequests = requests }) } }

    @AfterEach
    fun closeClients() = clients.forEach { it.close() }

    // Ending

    @Test
    fun opensCancelledAtAnyMomentLeaveNoSocketAndEveryPlaceAtTheDispatcher() = ScriptedServer(Scripts.listen).use { server ->
        rule(OkHttpConnector(limitedTo(PLACES))) {
            open(server.url) // what is loaded once would hide the short timeouts
            openUnderShortTimeouts(server.url, SWEEPS)
            server.awaitOpen(1)
            List(PLACES - 1) { async { open(server.url) } }.awaitAll()
            server.awaitOpen(PLACES)
        }
    }

    @Test
    fun abortFreesTheDescriptorOfAStuckWriterThoughKtorOnlyAsksToClose() {
        assumeTrue(File("/proc/net/tcp").exists())
        val over = CountDownLatch(1)
        ScriptedServer {
            upgrade()
            over.await()
        }.use { server ->
            rule(OkHttpConnector(client())) {
                val links = List(20) { open(server.url) }
                val senders = links.map { async { runCatching { while (true) it.connection.send(Message.Binary(ByteArray(MIB))) } } }
                val stuck = Message.Binary(ByteArray(8 * MIB)) // more than the kernel takes
                for (link in links) assertNull(withTimeoutOrNull(20.milliseconds) { link.connection.send(stuck) })
                assertEquals(links.size, descriptors(server.port))
                for (link in links) {
                    link.connection.abort()
                    assertEquals(CloseInfo.ABNORMAL, link.listener.awaitClosed().code)
                }
                for (sender in senders) assertIs<ConnectionLostException>(sender.await().exceptionOrNull())
                awaitDescriptors(0, server.port)
                over.countDown()
            }
        }
    }

    @Test
    fun clientThatIsCancelledEndsItsConnections() = ScriptedServer(Scripts.listen).use { server ->
        val client = client()
        rule(OkHttpConnector(client)) {
            val link = open(server.url)
            client.cancel()
            assertEquals(CloseInfo(CloseInfo.ABNORMAL), link.listener.awaitClosed())
            assertIs<ConnectFailedException>(runCatching { open(server.url) }.exceptionOrNull())
        }
        server.awaitNoneOpen()
    }

    @Test
    fun okHttpsOwnPingEndsAConnectionWhosePeerIsMute() = ScriptedServer(Scripts.listen).use { server ->
        rule(OkHttpConnector(client { config { pingInterval(50, TimeUnit.MILLISECONDS) } })) {
            val link = open(server.url)
            assertEquals(CloseInfo(CloseInfo.ABNORMAL), link.listener.awaitClosed())
            assertTrue("didn't receive pong" in link.listener.closedCause.toString(), "${link.listener.closedCause}")
            server.awaitNoneOpen()
        }
    }

    // The limit

    @Test
    fun dialThatOkHttpHasNoThreadForFailsAndNamesTheLimit() = ScriptedServer(Scripts.listen).use { server ->
        rule(OkHttpConnector(limitedTo(2))) {
            val links = List(2) { open(server.url) }
            val failure = assertFailsWith<ConnectFailedException> { open(server.url) }
            assertEquals(
                "${server.url} was not called: OkHttp runs 2 calls, the most it may (its Dispatcher's maxRequests), and each open " +
                    "WebSocket is one. Raise it, or lower maxConnections",
                failure.message,
            )
            assertFalse(failure.isPermanent)
            links.first().connection.abort()
            open(server.url)
            server.awaitOpen(2) // the dial that was given up has left nothing that would still connect
        }
    }

    @Test
    fun borrowerIsToldOfALimitThatOthersHaveUsedUp() = ScriptedServer(Scripts.listen).use { server ->
        val client = limitedTo(1)
        val first = client.webSocketPool(server.url) { maxConnections = 1 }
        val second = client.webSocketPool(server.url) {
            maxConnections = 1
            borrowTimeout = 3.seconds
        }
        runBlocking {
            first.borrow()
            val failure = assertFailsWith<BorrowTimeoutException> { second.borrow() }
            assertTrue("OkHttp runs 1 calls, the most it may (its Dispatcher's maxRequests)" in failure.message.orEmpty(), failure.message)
        }
        first.close()
        second.close()
    }

    // The handshake

    @Test
    fun clientThatHasWorkedBeforeIsTakenAndTheServerSeesNothingOfUs() {
        val heads = ArrayList<String>()
        ScriptedServer {
            upgrade()
            synchronized(heads) { heads += request }
            if (frames().any { it.opcode == CLOSE }) send(PeerFrame.close(1000))
        }.use { server ->
            val client = HttpClient(OkHttp) { install(WebSockets) }.also { clients += it }
            runBlocking { client.webSocket(server.url) { close() } }
            rule(OkHttpConnector(client)) {
                open(server.url).run {
                    connection.abort()
                    listener.awaitClosed()
                }
            }
            rule(OkHttpConnector(client())) { open(server.url) }
            server.awaitNoneOpen()
        }
        for (head in heads.drop(1)) {
            assertFalse("wspool" in head, head)
            assertFalse("permessage-deflate" in head, "Compression was offered:\n$head")
        }
        assertEquals(3, heads.size)
    }

    @Test
    fun refusalIsToldWithHeadersAndBodyThoughKtorDropsThem() {
        for ((status, isPermanent) in listOf(401 to true, 503 to false)) {
            ScriptedServer {
                request
                write("HTTP/1.1 $status No\r\nRetry-After: 7\r\nContent-Length: 8\r\n\r\nnot now!".toByteArray())
                awaitEnd()
            }.use { server ->
                rule(OkHttpConnector(client())) {
                    val failure = assertFailsWith<HandshakeFailedException> { open("${server.url}?token=hunter2") }
                    val advice = if (status == 401) ": credentials are given by beforeConnect" else ""
                    assertEquals("${server.url} refused the WebSocket handshake with status $status$advice", failure.message)
                    assertEquals("not now!", failure.body)
                    assertEquals("7", failure.retryAfter)
                    assertEquals(isPermanent, failure.isPermanent)
                }
            }
        }
    }

    @Test
    fun answerToAnotherKeyIsRefused() = ScriptedServer {
        request
        val head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n"
        write(head.toByteArray())
        awaitEnd()
    }.use { server ->
        rule(OkHttpConnector(client())) {
            val failure = assertFailsWith<HandshakeFailedException> { open(server.url) }
            assertTrue(failure.message.orEmpty().startsWith("${server.url} answered the WebSocket handshake wrongly"), failure.message)
            assertEquals(101, failure.status)
            server.awaitNoneOpen()
        }
    }

    // Sizes

    @Test
    fun messageThatIsTooBigIsRefusedBeforeItIsRead() = ScriptedServer {
        upgrade()
        text("first")
        write(byteArrayOf(0x82.toByte(), 127, 0, 0, 0, 0, 0x40, 0, 0, 0)) // 1 GiB is announced, and never sent
        assertEquals(CloseInfo.MESSAGE_TOO_BIG, receive(CLOSE).closeCode)
        awaitEnd()
    }.use { server ->
        rule(OkHttpConnector(client(), TransportConfig { maxMessageSize = 1000 })) {
            val link = open(server.url)
            assertEquals(Message.Text("first"), link.listener.awaitMessage())
            assertEquals(CloseInfo.MESSAGE_TOO_BIG, link.listener.awaitClosed().code)
            assertIs<MessageTooBigException>(link.listener.closedCause)
        }
    }

    @Test
    fun messageThatOkHttpWouldDropIsRefusedAndTheConnectionLivesOn() {
        val sizes = CompletableDeferred<List<Int>>()
        ScriptedServer {
            upgrade()
            sizes.complete(List(13) { receive(BINARY).payload.size })
            awaitEnd()
        }.use { server ->
            rule(OkHttpConnector(client())) {
                val connection = open(server.url).connection
                val failure = assertFailsWith<MessageTooBigException> { connection.send(Message.Binary(ByteArray(8 * MIB + 1))) }
                assertEquals("A message of 8388609 bytes is more than can be sent safely with OkHttp: at most 8388608", failure.message)
                // OkHttp counts a message until its last byte is out, and would have the third of these be too much.
                val sent = List(13) { 8 * MIB - it }
                for (size in sent) connection.send(Message.Binary(ByteArray(size)))
                assertEquals(sent, sizes.await())
            }
        }
    }

    private companion object {
        const val PLACES = 20
        const val SWEEPS = 100
        const val MIB = 1 shl 20
    }
}
