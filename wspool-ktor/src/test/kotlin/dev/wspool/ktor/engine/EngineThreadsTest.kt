package dev.wspool.ktor.engine

import dev.wspool.Message
import dev.wspool.WebSocketPool
import dev.wspool.ktor.rule
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import dev.wspool.withConnection
import io.ktor.client.HttpClient
import io.ktor.client.plugins.websocket.DefaultClientWebSocketSession
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.plugins.websocket.webSocket
import io.ktor.websocket.send
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Semaphore
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Which threads our engine has, what runs on them, and on which it does not depend. */
class EngineThreadsTest {
    @Test
    fun blockedThreadsOfDispatchersIoChangeNothing() = ScriptedServer(Scripts.echo).use { server ->
        val release = CountDownLatch(1)
        val blocked = Semaphore(0)
        repeat(IO_THREADS) {
            CoroutineScope(Dispatchers.IO).launch {
                blocked.release()
                release.await()
            }
        }
        try {
            blocked.acquire(IO_THREADS)
            rule {
                val link = open(server.url)
                repeat(10) {
                    link.connection.send(Message.Text("$it"))
                    assertEquals(Message.Text("$it"), link.listener.awaitMessage())
                }
            }
            HttpClient(WebSocketsEngine) { install(WebSockets) }.use { client ->
                runBlocking { withTimeout(PATIENCE) { client.webSocket(server.url) { echo() } } }
            }
            WebSocketPool(server.url).use { pool ->
                runBlocking {
                    withTimeout(PATIENCE) {
                        pool.withConnection {
                            send("hello")
                            assertEquals("hello", receiveText())
                        }
                    }
                }
            }
        } finally {
            release.countDown()
        }
    }

    @Test
    fun loopIsADaemonThatStartsWithTheFirstConnectionAndEndsAfterTheLast() = ScriptedServer(Scripts.listen).use { server ->
        rule {
            val before = loops()
            repeat(2) {
                val links = List(3) { async { open(server.url) } }.map { it.await() }
                val loop = (loops() - before).single()
                assertTrue(loop.isDaemon)
                links.forEach { it.connection.abort() }
                links.forEach { it.listener.awaitClosed() }
                loop.join(PATIENCE.inWholeMilliseconds)
                assertFalse(loop.isAlive)
            }
        }
    }

    @Test
    fun messagesAreHandedOverByTheLoopAndReceiversResumedOnTheirOwnDispatcher() = ScriptedServer(Scripts.echo).use { server ->
        rule {
            val link = open(server.url)
            val handing = CompletableDeferred<String>()
            link.listener.onReceive = { handing.complete(Thread.currentThread().name) }
            link.connection.send(Message.Text("hello"))
            assertTrue(handing.await().startsWith(LOOP))
        }
        WebSocketPool(server.url).use { pool ->
            runBlocking(Dispatchers.Default) {
                pool.withConnection {
                    repeat(100) {
                        send("hello")
                        receiveText()
                        assertFalse(Thread.currentThread().name.startsWith(LOOP))
                    }
                }
            }
        }
    }

    /** A loop that is in a conversation polls between its messages. It must see what others want of it, and sleep when it is over. */
    @Test
    fun loopThatPollsForAnAnswerHearsOthersAndSleepsWhenTheConversationIsOver() = ScriptedServer(Scripts.echo).use { server ->
        rule {
            val partner = open(server.url)
            repeat(50) { round ->
                val other = open(server.url)
                repeat(20) {
                    partner.connection.send(Message.Text("$it"))
                    assertEquals(Message.Text("$it"), partner.listener.awaitMessage())
                }
                if (round % 2 == 0) delay(2.milliseconds) // it polls for 50 µs, and then it is to be woken
                other.connection.abort()
                other.listener.awaitClosed()
            }
        }
    }

    private suspend fun DefaultClientWebSocketSession.echo() {
        send("hello")
        assertEquals("hello", incoming.receive().data.decodeToString())
    }

    private fun loops() = Thread.getAllStackTraces().keys.filter { it.name.startsWith(LOOP) }.toSet()

    private companion object {
        const val LOOP = "wspool-engine-"
        val IO_THREADS = maxOf(64, Runtime.getRuntime().availableProcessors())
        val PATIENCE = 30.seconds
    }
}
