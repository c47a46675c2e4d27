package dev.wspool.ktor

import dev.wspool.Endpoint
import dev.wspool.Message
import dev.wspool.PoolConfig
import dev.wspool.TransportConfig
import dev.wspool.WebSocketPool
import dev.wspool.ktor.internal.OwnEngineConnector
import dev.wspool.test.RecordingListener
import dev.wspool.test.Script
import dev.wspool.test.ScriptedServer
import dev.wspool.transport.Connection
import dev.wspool.transport.Connector
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.endpoint
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.server.application.Application
import io.ktor.server.cio.CIO
import io.ktor.server.engine.embeddedServer
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Executors
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.time.Duration.Companion.seconds
import io.ktor.client.engine.cio.CIO as ClientCIO

/** A connector and the connections that a test opens with it. */
internal class Stage(val connector: Connector, test: CoroutineScope) : CoroutineScope by test {
    private val job = SupervisorJob()
    private val listeners = CopyOnWriteArrayList<RecordingListener>() // opens may come at the same time

    class Link(val connection: Connection, val listener: RecordingListener) {
        /** The next message, which must be text. */
        suspend fun text(): String = assertIs<Message.Text>(listener.awaitMessage()).text
    }

    suspend fun open(url: String): Link = open(Endpoint(url))

    suspend fun open(endpoint: Endpoint): Link {
        val listener = listener()
        return Link(connector.connect(endpoint, listener), listener)
    }

    fun listener() = RecordingListener(CoroutineScope(SupervisorJob(job))).also { listeners += it }

    fun end() {
        job.cancel()
        connector.close()
        for (listener in listeners) assertEquals(emptyList(), listener.misuse)
    }
}

/** Plays a rule on real sockets and real threads; the timeout is a safety net. */
internal fun rule(
    connector: Connector = OwnEngineConnector(TransportConfig()),
    play: suspend Stage.() -> Unit,
) = runBlocking(testThreads) {
    val stage = Stage(connector, this)
    try {
        withTimeout(60.seconds) { stage.play() }
    } finally {
        stage.end()
    }
}

/**
 * Threads of the tests' own. Beside `Dispatchers.IO`, which Ktor's servers and CIO are on, a task of `Dispatchers.Default` may be left in
 * the scheduler's queue with all workers asleep (kotlinx.coroutines 3660); that was seen here, on two cores.
 */
internal val testThreads: CoroutineDispatcher =
    Executors.newFixedThreadPool(4) { task -> Thread(task, "test").apply { isDaemon = true } }.asCoroutineDispatcher()

/** Plays a rule with a pool of one, as [configure] has it, whose connections a server plays by its [script]. */
internal fun scripted(
    script: Script,
    configure: PoolConfig.Builder.() -> Unit = {},
    rule: suspend CoroutineScope.(WebSocketPool) -> Unit,
) = ScriptedServer(script).use { server ->
    val pool = WebSocketPool(server.url) {
        maxConnections = 1
        configure()
    }
    runBlocking(testThreads) {
        try {
            withTimeout(30.seconds) { rule(pool) }
        } finally {
            pool.close()
            withTimeout(30.seconds) { pool.awaitClosed() }
        }
    }
}

/** Runs [test] against Ktor's own server with [module]; it is given the server's URL. */
internal fun ktorServer(module: Application.() -> Unit, test: (url: String) -> Unit) {
    val server = embeddedServer(CIO, port = 0, host = "127.0.0.1", module = module).start()
    try {
        test("ws://127.0.0.1:" + runBlocking { server.engine.resolvedConnectors().first().port })
    } finally {
        server.stop(0, 0)
    }
}

/** A client on CIO for pools of many connections. */
internal fun cioClient() = HttpClient(ClientCIO) {
    install(WebSockets)
    engine {
        maxConnectionsCount = Int.MAX_VALUE
        endpoint { maxConnectionsPerRoute = Int.MAX_VALUE }
    }
}
