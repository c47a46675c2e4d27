package dev.wspool.ktor

import dev.wspool.Endpoint
import dev.wspool.ktor.internal.OwnCioConnector
import dev.wspool.test.RecordingListener
import dev.wspool.transport.Connection
import dev.wspool.transport.Connector
import io.ktor.server.application.Application
import io.ktor.server.cio.CIO
import io.ktor.server.engine.embeddedServer
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.seconds

/** A connector and the connections that a test opens with it. */
internal class Stage(val connector: Connector, test: CoroutineScope) : CoroutineScope by test {
    private val job = SupervisorJob()
    private val listeners = CopyOnWriteArrayList<RecordingListener>() // opens may come at the same time

    class Link(val connection: Connection, val listener: RecordingListener)

    suspend fun open(url: String): Link {
        val listener = listener()
        return Link(connector.connect(Endpoint(url), listener), listener)
    }

    fun listener() = RecordingListener(CoroutineScope(SupervisorJob(job))).also { listeners += it }

    fun end() {
        job.cancel()
        connector.close()
        for (listener in listeners) assertEquals(emptyList(), listener.misuse)
    }
}

/** Plays a rule on real sockets and real threads; the timeout is a safety net. */
internal fun rule(connector: Connector = OwnCioConnector(), play: suspend Stage.() -> Unit) = runBlocking(Dispatchers.Default) {
    val stage = Stage(connector, this)
    try {
        withTimeout(60.seconds) { stage.play() }
    } finally {
        stage.end()
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
