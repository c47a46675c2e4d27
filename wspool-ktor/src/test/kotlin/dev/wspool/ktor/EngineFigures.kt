package dev.wspool.ktor

import dev.wspool.Endpoint
import dev.wspool.Lease
import dev.wspool.PoolConfig
import dev.wspool.WebSocketPool
import dev.wspool.test.PeerFrame
import dev.wspool.test.ScriptedServer
import dev.wspool.withConnection
import io.ktor.client.HttpClient
import io.ktor.client.engine.okhttp.OkHttp
import io.ktor.client.plugins.websocket.WebSockets
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import okhttp3.Dispatcher
import java.io.File
import java.lang.management.ManagementFactory
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** What the figures of docs/engines.md come from: each engine against one server in another process, on loopback, bounded. */
internal object EngineFigures {
    private const val SERIAL = 100
    private const val IDLE = 500
    private const val ROUNDS = 3
    private val WINDOW = 3.seconds

    @JvmStatic
    fun main(arguments: Array<String>) {
        if (arguments.firstOrNull() == "serve") return serve()
        val java = System.getProperty("java.home") + "/bin/java"
        val server = ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), javaClass.name, "serve")
            .redirectError(ProcessBuilder.Redirect.INHERIT).start()
        try {
            val url = server.inputStream.bufferedReader().readLine()
            measure(url)
        } finally {
            server.destroy()
        }
    }

    /** Echoes until its input ends, or ten minutes are over. */
    private fun serve() {
        ScriptedServer {
            upgrade()
            for (frame in frames()) if (frame.opcode == PeerFrame.BINARY) send(PeerFrame.binary(frame.payload))
        }.use {
            println(it.url)
            Thread.sleep(600_000)
        }
    }

    private fun measure(url: String) {
        println("JDK ${System.getProperty("java.version")}, ${Runtime.getRuntime().availableProcessors()} processors, url $url")
        val pools = mapOf("CIO" to { WebSocketPool(url) { settings() } }, "OkHttp" to { okHttp(url) })
        for (round in 1..ROUNDS) {
            for ((name, make) in pools) {
                val pool = make()
                val one = echoes(pool, 1)
                val ten = echoes(pool, 10)
                pool.close()
                runBlocking { pool.awaitClosed() }
                println("round $round $name: 1 connection ${one.toInt()}/s, 10 connections ${ten.toInt()}/s")
            }
        }
        for ((name, make) in pools) idle(name, make)
    }

    private fun PoolConfig.Builder.settings() {
        maxConnections = IDLE
        borrowTimeout = 60.seconds
        pingInterval = Duration.INFINITE
    }

    private fun okHttp(url: String): WebSocketPool {
        val client = HttpClient(OkHttp) {
            install(WebSockets)
            engine { config { dispatcher(Dispatcher().apply { maxRequests = IDLE }) } }
        }
        return WebSocketPool(OkHttpConnector(client), Endpoint(url)) { settings() }
    }

    /** Echoes of 100 bytes per second, each connection waiting for its reply before it sends again. */
    private fun echoes(pool: WebSocketPool, connections: Int): Double = runBlocking(Dispatchers.Default) {
        val counts = List(connections) {
            async {
                pool.withConnection {
                    val bytes = ByteArray(SERIAL)
                    echo(bytes, 2_000)
                    val start = TimeSource.Monotonic.markNow()
                    var count = 0
                    while (start.elapsedNow() < WINDOW) {
                        echo(bytes, 1)
                        count++
                    }
                    count / (start.elapsedNow().inWholeMicroseconds / 1e6)
                }
            }
        }.awaitAll()
        counts.sum()
    }

    private suspend fun Lease.echo(bytes: ByteArray, times: Int) = repeat(times) {
        send(bytes)
        receiveBinary()
    }

    private fun idle(name: String, make: () -> WebSocketPool) {
        val pool = make()
        runBlocking(Dispatchers.Default) { pool.withConnection { echo(ByteArray(SERIAL), 100) } }
        val before = heap()
        val threadsBefore = threads()
        runBlocking(Dispatchers.Default) {
            val leases = List(IDLE) { async { pool.borrow() } }.awaitAll()
            for (lease in leases) launch { lease.echo(ByteArray(SERIAL), 1) }
            leases
        }.forEach { it.release() }
        Thread.sleep(3_000) // what is done is let go
        val perConnection = (heap() - before) / (IDLE - 1)
        println("$name: $IDLE idle, heap per connection $perConnection B, threads $threadsBefore -> ${threads()}, RSS ${rss()}")
        pool.close()
        runBlocking { pool.awaitClosed() }
    }

    private fun threads() = ManagementFactory.getThreadMXBean().threadCount

    private fun heap(): Long {
        repeat(4) { System.gc() }
        return ManagementFactory.getMemoryMXBean().heapMemoryUsage.used
    }

    private fun rss() = File("/proc/self/status").takeIf { it.exists() }?.readLines()?.first { it.startsWith("VmRSS") }.orEmpty()
}
