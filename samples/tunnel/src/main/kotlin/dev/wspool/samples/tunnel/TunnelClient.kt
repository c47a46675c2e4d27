package dev.wspool.samples.tunnel

import dev.wspool.Backoff
import dev.wspool.BorrowRequest
import dev.wspool.ConnectionId
import dev.wspool.Endpoint
import dev.wspool.Lease
import dev.wspool.Message
import dev.wspool.PoolException
import dev.wspool.UnsolicitedMessages
import dev.wspool.WebSocketPool
import dev.wspool.readId
import dev.wspool.tryReceive
import dev.wspool.withConnection
import io.ktor.network.selector.SelectorManager
import io.ktor.network.sockets.aSocket
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import java.io.IOException
import java.nio.channels.UnresolvedAddressException
import kotlin.coroutines.cancellation.CancellationException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * The end behind the NAT: keeps connections to the server that wait, and opens the service for each that is put to use.
 *
 * @param server where the server's tunnel listens.
 * @param to the service.
 * @param connections how many wait.
 * @param maxConnections how many there are at most, with those in use.
 * @param timeout how long the service may take to accept.
 * @param log told of each TCP connection that did not end well.
 */
class TunnelClient(
    server: Endpoint,
    private val to: Address,
    connections: Int,
    maxConnections: Int,
    private val timeout: Duration,
    private val log: (String) -> Unit,
) {
    private val job = SupervisorJob()
    private val scope = CoroutineScope(job + Dispatchers.Default)
    private val selector = SelectorManager(Dispatchers.IO)

    /** Why the last connect failed, where it did. */
    @Volatile
    private var trouble: String? = null

    val tally = Tally()

    /** Begins to connect at once. */
    val pool: WebSocketPool = WebSocketPool(server.url) {
        beforeConnect { server } // with its headers
        minIdle = connections
        this.maxConnections = maxConnections
        maxConcurrentConnects = CONCURRENT_CONNECTS
        maxConnectsPerSecond = CONNECTS_PER_SECOND
        maxIdleTime = Duration.INFINITE
        backoff = BACKOFF
        onConnect {
            readId()
            trouble = null
        }
        onBackgroundError { failure -> tellOnce(failure.message.orEmpty()) }
        // Nobody has borrowed a connection that waits; the server's first word on it says that it is put to use.
        unsolicitedMessages = UnsolicitedMessages.Handle { id, message -> scope.launch { serve(id, message) } }
    }

    /** A server that is away is told of once, however often it is looked for. */
    private fun tellOnce(why: String) {
        if (why != trouble) log(why)
        trouble = why
    }

    private suspend fun serve(id: ConnectionId, message: Message) {
        try {
            pool.withConnection(BorrowRequest(timeout, id)) {
                var request: Message? = message
                while (request != null) {
                    answer(request)
                    // The server may have been faster: for it the connection is free since both directions have ended.
                    request = tryReceive()
                }
            }
        } catch (broken: BrokenException) {
            tally.broke()
            log("$id: ${broken.message}")
        } catch (cancelled: CancellationException) { // the drain's time is up
            tally.broke()
            throw cancelled
        } catch (lost: PoolException) { // before anything was carried, or after all was
            log("$id: ${lost.message}")
        }
    }

    private suspend fun Lease.answer(request: Message) {
        if (request !is Message.Text || request.text != Words.open(id)) {
            log("$id: the server does not speak as it should")
            return invalidate("no word of ours")
        }
        val socket = connect()
        if (socket == null) {
            tally.refused()
            return send(Words.REFUSED)
        }
        try {
            send(Words.OPENED)
            tally.carried(breaking { carry(socket) })
        } catch (failure: Throwable) {
            socket.reset()
            throw failure
        }
        scope.launch { socket.closeOrReset() } // the service may read slowly what it has got, and that is no affair of the tunnel's
    }

    private suspend fun TcpSocket.closeOrReset() = try {
        close()
    } catch (cancelled: CancellationException) {
        reset()
        throw cancelled
    }

    /** Null where the service does not accept, in time. */
    private suspend fun connect(): TcpSocket? {
        var socket: TcpSocket? = null // not the block's result, which is dropped where the time is up
        try {
            withTimeoutOrNull(timeout) { socket = TcpSocket(aSocket(selector).tcp().connect(to.socketAddress)) }
        } catch (failed: IOException) {
            log("$to: ${failed.message}")
        } catch (_: UnresolvedAddressException) {
            log("$to: unknown host")
        }
        return socket
    }

    /** Opens no more, and lets what is under way end within [timeout]; then breaks it off. */
    suspend fun drain(timeout: Duration) {
        withTimeoutOrNull(timeout) {
            pool.drain(timeout)
            job.children.toList().joinAll() // what has left the tunnel may not have reached its reader yet
        }
        stop()
    }

    /** Ends all at once. Harmless when called again. */
    suspend fun stop() = withContext(NonCancellable) {
        pool.close()
        job.cancelAndJoin()
        pool.awaitClosed()
        selector.close()
    }

    private companion object {
        const val CONCURRENT_CONNECTS = 16
        const val CONNECTS_PER_SECOND = 1_000.0

        /** A server that was restarted is found again soon. */
        val BACKOFF = Backoff(250.milliseconds, 2.seconds)
    }
}
