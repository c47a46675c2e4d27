package dev.wspool.ktor.internal

import dev.wspool.ConnectFailedException
import dev.wspool.Endpoint
import dev.wspool.Handshake
import dev.wspool.transport.Connection
import dev.wspool.transport.ConnectionListener
import io.ktor.client.HttpClient
import io.ktor.client.statement.HttpResponse
import io.ktor.http.HttpHeaders
import io.ktor.util.toMap
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.cancel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.lang.ref.WeakReference

/**
 * One attempt to connect, and the life of the connection that comes of it: a single coroutine of the pool's scope, from
 * the TCP connect to [ConnectionListener.onClosed]. Whatever cancels it closes the socket.
 *
 * Never Ktor's `webSocketSession()`: it launches the call in the client's own scope, and a caller who is cancelled during
 * the handshake leaves an open socket behind that nobody holds (100 of 300 opens, each under a timeout of 1 to 6 ms).
 */
internal class Dial(
    private val client: HttpClient,
    private val endpoint: Endpoint,
    private val listener: ConnectionListener,
    private val engine: EngineDial,
) {
    private val opened = CompletableDeferred<Connection>()
    private var connection: SessionConnection? = null
    private var call: Job? = null

    /** Cancelled, it returns when what was opened is closed. A connection that had been open by then is told of as closed. */
    @OptIn(DelicateCoroutinesApi::class) // ATOMIC, see below
    suspend fun open(): Connection {
        // ATOMIC: also where the scope has ended, the attempt answers. Unconfined: the reader runs where Ktor's own hands it
        // the frame, one hop less for each message.
        val context = Dispatchers.Unconfined + CoroutineName("wspool $endpoint")
        val life = listener.scope.launch(context, CoroutineStart.ATOMIC) { live() }
        try {
            return opened.await()
        } catch (cancelled: CancellationException) {
            life.cancel()
            withContext(NonCancellable) { life.join() }
            throw cancelled
        }
    }

    private suspend fun live() {
        val failure = runCatching { engine.run { request().execute { live(it) } } }.exceptionOrNull()
        engine.end()
        // Ktor's cleanup waits for the call only while nobody has cancelled us; the socket is closed by the call's end.
        withContext(NonCancellable) { call?.join() }
        val ended = connection
        val doubt = engine.over(ended)
        when {
            ended == null -> opened.completeExceptionally(told(failure))
            doubt == null -> listener.onClosed(ended.ended(), ended.cause)
            else -> tellLate(ended, doubt)
        }
    }

    /**
     * Nobody can tell whether the socket is closed, but that it is when [closed] has ended, which may be never: the pool, which
     * counts the connection as abandoned before long, is not held in memory for that.
     */
    private fun tellLate(ended: SessionConnection, closed: Job) {
        val waiting = WeakReference(listener)
        val info = ended.ended()
        val cause = ended.cause
        closed.invokeOnCompletion { waiting.get()?.onClosed(info, cause) }
    }

    private fun told(failure: Throwable?): ConnectFailedException =
        if (client.isActive) engine.failure(endpoint, failure) ?: endpoint.connectFailure(failure) else endpoint.clientClosed()

    private suspend fun request() = client.upgradeRequest(endpoint, engine::mark)

    private suspend fun live(response: HttpResponse) {
        call = response.coroutineContext.job
        try {
            engine.check(endpoint, response)
            val handshake = Handshake(response.headers.toMap(), response.headers[HttpHeaders.SecWebSocketProtocol], engine.tlsSession)
            val life = currentCoroutineContext().job
            val open = engine.connection(endpoint, response, handshake, life)
            connection = open
            // A call that is cancelled before Ktor has started to pump frames leaves their channel open for ever.
            response.coroutineContext.job.invokeOnCompletion { open.callEnded() }
            opened.complete(open)
            open.read(listener)
        } finally {
            // Else Ktor would wait for its reader, that is, for a peer that need not say anything any more.
            response.cancel()
        }
    }
}
