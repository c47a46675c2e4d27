package dev.wspool.samples.benchmarks.scale

import dev.wspool.Endpoint
import dev.wspool.PoolConfig
import dev.wspool.WebSocketPool
import dev.wspool.ktor.webSocketPool
import dev.wspool.samples.benchmarks.echo.Dialer
import dev.wspool.samples.benchmarks.echo.EchoSession
import dev.wspool.samples.benchmarks.echo.NettyDialer
import dev.wspool.samples.benchmarks.echo.ServerAddress
import dev.wspool.samples.benchmarks.echo.Trust
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.cio.endpoint
import io.ktor.client.plugins.websocket.DefaultClientWebSocketSession
import io.ktor.client.plugins.websocket.WebSockets
import io.ktor.client.plugins.websocket.webSocketSession
import io.ktor.websocket.Frame
import io.ktor.websocket.close
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.sync.Semaphore
import kotlinx.coroutines.sync.withPermit
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** Connections of one client to one server, opened a few at a time, and from then on idle. Each call waits for its end. */
internal abstract class ManyConnections : AutoCloseable {
    fun open() = bounded { openAll() }

    /** One message there and back on each connection, so that what a client makes at the first use is there. */
    fun use() = bounded { useAll() }

    /** Returns when the last socket is closed. */
    override fun close() = bounded { closeAll() }

    /** How many pings have been answered, where the client tells. */
    open val pings: Long get() = 0

    protected abstract suspend fun openAll()

    protected abstract suspend fun useAll()

    protected abstract suspend fun closeAll()

    private fun bounded(step: suspend () -> Unit) = runBlocking(Dispatchers.Default) { withTimeout(STEP) { step() } }

    companion object {
        /** What may be opened at once: four times the pool's default, as a user sets it who wants thousands. */
        const val AT_ONCE = 16

        private val STEP = 2.minutes
        private const val SECONDS_OFF = 0

        /**
         * @param transport `ws` or `wss`.
         * @param pingSeconds how often each connection is pinged; 0 for the client's default.
         */
        @JvmStatic
        fun of(client: String, connections: Int, server: ServerAddress, transport: String, pingSeconds: Int): ManyConnections {
            val interval = if (pingSeconds == SECONDS_OFF) null else pingSeconds.seconds
            val url = server.url(transport)
            val trust = Trust(server.certificate)
            return when (client) {
                "wspool" -> PooledConnections(connections, interval) {
                    WebSocketPool(url) {
                        tls { trust(trust.certificate) }
                        it()
                    }
                }
                "wspool-cio" -> cio(connections, trust).let { http ->
                    PooledConnections(connections, interval, http) { http.webSocketPool(url, it) }
                }
                "wspool-silent" -> PooledConnections(connections, interval) { WebSocketPool(SilentConnector(), Endpoint(url), it) }
                "ktor-cio" -> KtorConnections(connections, url, cio(connections, trust, interval))
                "okhttp" -> OkHttpConnections(connections, url, trust)
                "netty" -> DialedConnections(connections, NettyDialer(url, trust))
                else -> throw IllegalArgumentException("There is no client $client")
            }
        }
    }
}

private class PooledConnections(
    private val connections: Int,
    interval: Duration?,
    private val client: HttpClient? = null,
    make: (PoolConfig.Builder.() -> Unit) -> WebSocketPool,
) : ManyConnections() {
    private val pool = make {
        maxConnections = connections
        maxConcurrentConnects = AT_ONCE
        maxConnectsPerSecond = 100_000.0
        interval?.let { pingInterval = it }
    }

    override val pings: Long get() = pool.stats.roundTrips.total

    override suspend fun openAll() {
        val report = pool.warmUp(connections)
        check(report.isComplete) { report }
    }

    /** All are borrowed together, as the pool would lend the same one again and again. */
    override suspend fun useAll() = coroutineScope {
        val leases = List(connections) { async { pool.borrow() } }.awaitAll()
        for (lease in leases) {
            launch {
                lease.send(MESSAGE)
                lease.receiveBinary()
                lease.release()
            }
        }
    }

    override suspend fun closeAll() {
        check(pool.stats.idle == connections) { pool.stats }
        pool.close()
        pool.awaitClosed()
        client?.close()
    }
}

/** CIO's limits (1,000 connections, 100 of them to one address) are out of the way. */
private fun cio(connections: Int, trust: Trust, interval: Duration? = null) = HttpClient(CIO) {
    install(WebSockets) { interval?.let { pingIntervalMillis = it.inWholeMilliseconds } }
    engine {
        maxConnectionsCount = connections
        endpoint { maxConnectionsPerRoute = connections }
        https { trustManager = trust.manager }
    }
}

/** Ktor's own sessions. */
private class KtorConnections(private val connections: Int, private val url: String, private val client: HttpClient) : ManyConnections() {
    private val sessions = ArrayList<DefaultClientWebSocketSession>()

    override suspend fun openAll() {
        val places = Semaphore(AT_ONCE)
        coroutineScope {
            sessions += List(connections) { async { places.withPermit { client.webSocketSession(url) } } }.awaitAll()
        }
    }

    override suspend fun useAll() = coroutineScope {
        for (session in sessions) {
            launch {
                session.send(Frame.Binary(true, MESSAGE))
                session.incoming.receive()
            }
        }
    }

    override suspend fun closeAll() {
        coroutineScope { for (session in sessions) launch { session.close() } }
        client.close()
        client.coroutineContext.job.join()
    }
}

/** Of a client without a pool that is not Ktor's. */
private class DialedConnections(private val connections: Int, private val dialer: Dialer) : ManyConnections() {
    private val sessions = ArrayList<EchoSession>()

    override suspend fun openAll() {
        val places = Semaphore(AT_ONCE)
        coroutineScope { sessions += List(connections) { async { places.withPermit { dialer.dial() } } }.awaitAll() }
    }

    override suspend fun useAll() = coroutineScope {
        for (session in sessions) {
            launch {
                session.send(MESSAGE)
                session.receive()
            }
        }
    }

    override suspend fun closeAll() = dialer.close()
}

internal val MESSAGE = ByteArray(100)
