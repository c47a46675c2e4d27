package dev.wspool.ktor.soak

import dev.wspool.Endpoint
import dev.wspool.Message
import dev.wspool.PoolException
import dev.wspool.TransportConfig
import dev.wspool.ktor.CioConnector
import dev.wspool.ktor.OkHttpConnector
import dev.wspool.ktor.descriptors
import dev.wspool.ktor.internal.OwnEngineConnector
import dev.wspool.test.RecordingListener
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import dev.wspool.transport.Connector
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.cio.endpoint
import io.ktor.client.engine.okhttp.OkHttp
import io.ktor.client.plugins.websocket.WebSockets
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import okhttp3.Dispatcher
import kotlin.system.exitProcess
import kotlin.time.Duration.Companion.seconds

/**
 * What of 100 stuck writers is left when the network swallows all that is sent, and they are aborted. To be run in a network namespace of
 * its own, as .ci/blackhole.sh does: it drops all traffic of the loopback device.
 */
internal object BlackHole {
    private const val WRITERS = 100
    private val LOOKS = listOf(1.seconds, 7.seconds, 30.seconds)

    /** More than the kernel's buffers and the engine's together. */
    private val endless = Message.Binary(ByteArray(16 shl 20))

    @JvmStatic
    fun main(arguments: Array<String>) {
        println("| 100 stuck writers in a black hole, aborted | ${LOOKS.joinToString(" | ") { "descriptors after $it" }} |")
        println("|---|${"---|".repeat(LOOKS.size)}")
        measure("wspool", OwnEngineConnector(TransportConfig()))
        measure("Ktor CIO", CioConnector(cio()))
        measure("Ktor OkHttp", OkHttpConnector(okHttp()))
        exitProcess(0) // threads of clients that are stuck
    }

    private fun cio() = HttpClient(CIO) {
        install(WebSockets)
        engine {
            maxConnectionsCount = WRITERS
            endpoint { maxConnectionsPerRoute = WRITERS }
        }
    }

    private fun okHttp() = HttpClient(OkHttp) {
        install(WebSockets)
        engine {
            config {
                dispatcher(
                    Dispatcher().apply {
                        maxRequests = WRITERS
                        maxRequestsPerHost = WRITERS
                    },
                )
            }
        }
    }

    private fun measure(name: String, connector: Connector): Unit = ScriptedServer(Scripts.halfOpen()).use { server ->
        val job: Job = SupervisorJob()
        runBlocking(Dispatchers.Default) {
            val scope = CoroutineScope(Dispatchers.Default + job)
            val connections = List(WRITERS) {
                async { connector.connect(Endpoint(server.url), RecordingListener(CoroutineScope(SupervisorJob(job)))) }
            }.awaitAll()
            server.awaitOpen(WRITERS)
            connections.forEach { connection ->
                scope.launch {
                    try {
                        repeat(MESSAGES) { connection.send(message(name)) }
                    } catch (_: PoolException) {
                        // aborted
                    }
                }
            }
            delay(3.seconds) // so that the kernel's buffers fill
            qdisc("add", "blackhole")
            connections.forEach { it.abort() }
            var waited = 0.seconds
            val left = LOOKS.map { look ->
                delay(look - waited)
                waited = look
                descriptors(server.port)
            }
            println("| $name | ${left.joinToString(" | ")} |")
            qdisc("del", "")
        }
        job.cancel()
    }

    private const val MESSAGES = 4

    /** OkHttp takes no more than 8 MiB at once. */
    private fun message(name: String) = if (name == "Ktor OkHttp") Message.Binary(ByteArray(4 shl 20)) else endless

    private fun qdisc(action: String, kind: String) {
        val command = listOf("tc", "qdisc", action, "dev", "lo", "root") + listOf(kind).filter { it.isNotEmpty() }
        check(ProcessBuilder(command).inheritIO().start().waitFor() == 0) { command.joinToString(" ") }
    }
}
