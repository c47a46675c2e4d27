package dev.wspool.ktor.engine

import dev.wspool.WebSocketPool
import dev.wspool.ktor.webSocketPool
import dev.wspool.test.Script
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import dev.wspool.withConnection
import io.ktor.client.HttpClient
import io.ktor.client.plugins.HttpSend
import io.ktor.client.plugins.plugin
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.plugins.websocket.webSocket
import io.ktor.client.plugins.websocket.webSocketSession
import io.ktor.websocket.send
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import java.util.concurrent.ConcurrentHashMap
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What users write runs on their dispatchers, and on the loop's thread only where they have said `Dispatchers.Unconfined`. */
class UserCodeTest {
    private val threads = ConcurrentHashMap<String, MutableSet<String>>()

    private fun note(what: String) {
        threads.getOrPut(what) { ConcurrentHashMap.newKeySet() } += Thread.currentThread().name
    }

    @Test
    fun hooksAndBlocksOfAPoolDoNotRunOnTheLoop() {
        val greet: Script = {
            upgrade()
            text("hello")
            Scripts.echo(this)
        }
        ScriptedServer(greet).use { server ->
            WebSocketPool(server.url) {
                maxConnections = 2
                beforeConnect { endpoint ->
                    note("beforeConnect")
                    endpoint
                }
                onConnect {
                    receiveText()
                    note("onConnect")
                }
                onBorrow {
                    note("onBorrow")
                    true
                }
                onReturn { note("onReturn") }
                onClose { note("onClose") }
            }.use { pool ->
                play {
                    val events = launch { pool.events.collect { note("events") } }
                    for (number in 1..LEASES) {
                        pool.withConnection {
                            repeat(ROUNDS) {
                                send("hello")
                                receiveText()
                                note("block")
                            }
                            if (number == LEASES) invalidate()
                        }
                    }
                    while (threads["onClose"] == null) delay(10.milliseconds)
                    events.cancel()
                }
            }
        }
        assertNoneOnTheLoop("beforeConnect", "onConnect", "onBorrow", "onReturn", "onClose", "events", "block")
    }

    @Test
    fun sessionsAndPluginsOfAClientDoNotRunOnTheLoop() = ScriptedServer(Scripts.echo).use { server ->
        HttpClient(WebSocketsEngine) { install(WebSockets) }.use { client ->
            client.plugin(HttpSend).intercept { request -> execute(request).also { note("plugin") } }
            play {
                client.webSocket(server.url) {
                    note("block")
                    repeat(ROUNDS) {
                        send("hello")
                        incoming.receive()
                        note("block")
                    }
                }
                val session = client.webSocketSession(server.url)
                val child = session.launch {
                    for (frame in session.incoming) {
                        note("child")
                        if (frame.data.decodeToString() == "last") break
                    }
                }
                repeat(ROUNDS) { session.send("hello") }
                session.send("last")
                child.join()
                client.webSocketPool(server.url).use { pool ->
                    pool.withConnection {
                        send("hello")
                        receiveText()
                        note("lease")
                    }
                }
            }
        }
        assertNoneOnTheLoop("plugin", "block", "child", "lease")
    }

    /** As is documented: this is how the others could fail. */
    @Test
    fun whatIsUnconfinedRunsOnTheLoop() = ScriptedServer(Scripts.echo).use { server ->
        HttpClient(WebSocketsEngine) { install(WebSockets) }.use { client ->
            play {
                withContext(Dispatchers.Unconfined) {
                    client.webSocket(server.url) {
                        while (threads["block"].orEmpty().none { it.startsWith(LOOP) }) {
                            send("hello")
                            incoming.receive()
                            note("block")
                        }
                    }
                }
            }
        }
    }

    private fun assertNoneOnTheLoop(vararg whats: String) {
        for (what in whats) assertTrue(threads[what].orEmpty().isNotEmpty(), "$what has not run")
        assertEquals(emptyMap(), threads.mapValues { (_, names) -> names.filter { it.startsWith(LOOP) } }.filterValues { it.isNotEmpty() })
    }

    private fun play(rule: suspend CoroutineScope.() -> Unit) =
        runBlocking(Dispatchers.Default) { withTimeout(60.seconds, rule) }

    private companion object {
        const val ROUNDS = 50
        const val LEASES = 6
        const val LOOP = "wspool-engine-"
    }
}
