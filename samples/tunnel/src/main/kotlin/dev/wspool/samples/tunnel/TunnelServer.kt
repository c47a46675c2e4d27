package dev.wspool.samples.tunnel

import dev.wspool.AcceptedPool
import dev.wspool.ConnectionLostException
import dev.wspool.Lease
import dev.wspool.PoolException
import dev.wspool.announceId
import dev.wspool.ktor.server.webSocketPool
import dev.wspool.withConnection
import io.ktor.network.selector.SelectorManager
import io.ktor.network.sockets.ServerSocket
import io.ktor.network.sockets.Socket
import io.ktor.network.sockets.aSocket
import io.ktor.network.sockets.port
import io.ktor.server.cio.CIO
import io.ktor.server.cio.CIOApplicationEngine
import io.ktor.server.engine.EmbeddedServer
import io.ktor.server.engine.connector
import io.ktor.server.engine.embeddedServer
import io.ktor.server.routing.routing
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.isActive
import kotlinx.coroutines.job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import java.io.IOException
import java.nio.channels.ClosedChannelException
import kotlin.coroutines.cancellation.CancellationException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeMark
import kotlin.time.TimeSource

/**
 * The public end: client ends connect by WebSocket and wait; for each TCP connection one of them is borrowed.
 *
 * @param token what client ends must know; null lets in everybody.
 * @param timeout how long a TCP connection may wait until its service is open.
 * @param log told of each TCP connection that did not end well.
 */
class TunnelServer(
    maxConnections: Int,
    private val token: String? = null,
    private val timeout: Duration,
    private val log: (String) -> Unit,
) {
    private val job = SupervisorJob()
    private val scope = CoroutineScope(job + Dispatchers.Default)
    private val selector = SelectorManager(Dispatchers.IO)
    private lateinit var engine: EmbeddedServer<CIOApplicationEngine, *>
    private lateinit var listener: ServerSocket
    private lateinit var accepting: Job

    val tally = Tally()

    /** Those that client ends have opened. */
    val pool: AcceptedPool = AcceptedPool {
        name = "tunnel"
        this.maxConnections = maxConnections
        maxWaiting = MAX_WAITING
        onConnect { announceId() }
    }

    /** Where client ends connect to. */
    var tunnelPort = 0
        private set

    /** Where TCP connections are accepted. */
    var port = 0
        private set

    /** @throws IOException where it cannot listen; then [stop] it. */
    suspend fun start(listenTunnel: Address, listen: Address) {
        listener = aSocket(selector).tcp().bind(listen.socketAddress) {
            reuseAddress = true
            backlogSize = BACKLOG
        }
        port = listener.port
        engine = embeddedServer(
            CIO,
            configure = {
                reuseAddress = true // connections of before are in TIME_WAIT
                connector {
                    host = listenTunnel.host
                    port = listenTunnel.port
                }
            },
        ) {
            routing {
                webSocketPool("/", pool) {
                    drainTimeout = Duration.ZERO // it is drained here
                    retryAfter = RETRY_AFTER
                    if (token != null) authenticate { call -> requireToken(call, token) }
                }
            }
        }
        requireFree(listenTunnel)
        engine.startSuspend(wait = false)
        tunnelPort = engine.engine.resolvedConnectors().first().port
        accepting = scope.launch { accept() }
    }

    /** Ktor's CIO engine would tell of a port that is taken by a cancellation, and print a stack trace. */
    private fun requireFree(address: Address) = java.net.ServerSocket().use {
        it.reuseAddress = true
        it.bind(java.net.InetSocketAddress(address.host, address.port))
    }

    private suspend fun accept() {
        while (scope.isActive) {
            val socket = try {
                listener.accept()
            } catch (_: ClosedChannelException) {
                return
            } catch (failed: IOException) { // as where there are too many open files
                log("cannot accept: ${failed.message}")
                delay(PAUSE)
                continue
            }
            scope.launch { serve(TcpSocket(socket), socket) }
        }
    }

    /** Whatever ends it, [socket] is closed, or reset where it is not whole. */
    private suspend fun serve(socket: TcpSocket, of: Socket) {
        try {
            if (tunnel(socket)) return socket.close()
            tally.refused()
            log("${of.remoteAddress}: the service cannot be reached from the client end")
            socket.close()
        } catch (broken: BrokenException) {
            tally.broke()
            log("${of.remoteAddress}: ${broken.message}")
            socket.reset()
        } catch (none: PoolException) {
            tally.refused()
            log("${of.remoteAddress}: ${none.message}")
            socket.close()
        } catch (cancelled: CancellationException) { // the drain's time is up
            tally.broke()
            socket.reset()
            throw cancelled
        }
    }

    /**
     * True where [socket] was carried to its end, false where the client end could not open the service.
     *
     * @throws PoolException where no client end was there in time.
     * @throws BrokenException where it was carried in part.
     */
    private suspend fun tunnel(socket: TcpSocket): Boolean {
        val deadline = TimeSource.Monotonic.markNow() + timeout
        while (true) {
            pool.withConnection(deadline.left()) {
                when (ask(this, deadline)) {
                    Words.OPENED -> {
                        tally.carried(breaking { carry(socket) })
                        return true
                    }
                    Words.REFUSED -> return false
                    else -> invalidate("gone, or no client end of ours") // nothing was carried: the next may do
                }
            }
        }
    }

    /** The answer of the client end, or null where the connection had ended: it had waited for long. */
    private suspend fun ask(lease: Lease, deadline: TimeMark): String? = try {
        lease.send(Words.open(lease.id))
        lease.receiveText(deadline.left())
    } catch (_: ConnectionLostException) {
        null
    }

    private fun TimeMark.left(): Duration = (-elapsedNow()).coerceAtLeast(Duration.ZERO)

    /** Accepts no more, and lets what is under way end within [timeout]; then breaks it off. */
    suspend fun drain(timeout: Duration) {
        closeListener()
        withTimeoutOrNull(timeout) {
            pool.drain(timeout)
            job.children.toList().joinAll() // what has left the tunnel may not have reached its reader yet
        }
        stop()
    }

    /** Ends all at once. Harmless when called again. */
    suspend fun stop() = withContext(NonCancellable) {
        closeListener()
        pool.close()
        job.cancelAndJoin()
        pool.awaitClosed()
        if (::engine.isInitialized) engine.stopSuspend(gracePeriodMillis = 0, timeoutMillis = 1_000)
        selector.close()
    }

    private suspend fun closeListener() {
        if (!::listener.isInitialized) return
        listener.close()
        if (::accepting.isInitialized) accepting.cancelAndJoin()
    }

    private companion object {
        /** A burst of so many is not refused by the kernel. */
        const val BACKLOG = 1_024

        /** TCP connections that wait for a client end; one more is closed at once. */
        const val MAX_WAITING = 10_000
        val PAUSE = 100.milliseconds

        /** A server that drains may soon be back. */
        val RETRY_AFTER = 1.seconds
    }
}
