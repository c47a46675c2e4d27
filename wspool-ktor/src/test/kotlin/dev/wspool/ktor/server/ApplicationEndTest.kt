package dev.wspool.ktor.server

import dev.wspool.WebSocketPool
import dev.wspool.ktor.testThreads
import dev.wspool.statsFlow
import dev.wspool.test.PeerFrame
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import io.ktor.server.application.ApplicationStopPreparing
import io.ktor.server.application.install
import io.ktor.server.cio.CIO
import io.ktor.server.engine.embeddedServer
import io.ktor.server.http.HttpRequestLifecycle
import io.ktor.server.routing.routing
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import java.net.Socket
import java.net.URI
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Other ends than a stop: of a request, of a start, of an application that is reloaded. */
class ApplicationEndTest {
    @Test
    fun aRequestWhoseClientIsGoneGivesItsConnectionBack() {
        val asked = CompletableDeferred<Unit>() // before that there is nothing to be half-done, and the connection is kept
        val server = ScriptedServer {
            open()
            receive(PeerFrame.TEXT)
            asked.complete(Unit)
            awaitEnd()
        }
        server.use {
            played(
                module = {
                    install(HttpRequestLifecycle) { cancelCallOnClose = true }
                    install(WebSocketPools) { pool("prices", server.url) { maxConnections = 1 } }
                    routing { price() }
                },
            ) { application ->
                val pool = application.webSocketPool("prices")
                Socket("127.0.0.1", URI(url).port).use { client ->
                    client.getOutputStream().write("GET /price/1 HTTP/1.1\r\nHost: localhost\r\n\r\n".toByteArray())
                    asked.await()
                }
                val after = pool.statsFlow(5.milliseconds).first { it.leased == 0 && it.closing == 0 }
                assertEquals(0, after.idle, "A connection on which a reply is still to come was kept")
                assertEquals(1, after.created)
            }
        }
    }

    @Test
    fun aStartThatFailsLeavesNoPoolOpen() = ScriptedServer(Scripts.echo).use { server ->
        lateinit var pool: WebSocketPool
        val failed = embeddedServer(CIO, port = 0, host = "127.0.0.1") {
            install(WebSocketPools) { pool("prices", server.url) { minIdle = 1 } }
            pool = webSocketPool("prices")
            pool.awaitReady()
            error("a later part of the module fails")
        }
        assertFailsWith<IllegalStateException> { failed.start() }
        runBlocking(testThreads) { withTimeout(30.seconds) { pool.awaitClosed() } }
        server.awaitNoneOpen()
    }

    /** As in development, where a change of classes makes a new application: `ApplicationStopPreparing` is not raised. */
    @Test
    fun aReloadClosesThePoolsOfTheApplicationBefore() = ScriptedServer(Scripts.echo).use { server ->
        val pools = ArrayList<WebSocketPool>()
        val running = embeddedServer(CIO, port = 0, host = "127.0.0.1") {
            install(WebSocketPools) { pool("prices", server.url) }
            pools += webSocketPool("prices")
        }.start()
        running.reload()
        runBlocking(testThreads) { withTimeout(30.seconds) { pools[0].awaitClosed() } }
        assertFalse(pools[1].health().reasons.contains("The pool is closed."))
        running.stop(0, 5_000)
        runBlocking(testThreads) { withTimeout(30.seconds) { pools[1].awaitClosed() } }
    }
}
