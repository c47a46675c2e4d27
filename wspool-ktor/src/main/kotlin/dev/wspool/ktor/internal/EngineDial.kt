package dev.wspool.ktor.internal

import dev.wspool.ConnectFailedException
import dev.wspool.Endpoint
import dev.wspool.Handshake
import dev.wspool.HandshakeFailedException
import dev.wspool.TlsSession
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.statement.HttpResponse
import kotlinx.coroutines.Job

/** What Ktor's engines do each in its own way, for one attempt to connect and the connection that comes of it. */
internal interface EngineDial {
    /** Adds what this engine needs to know of the request. */
    fun mark(request: HttpRequestBuilder)

    /** Runs [call], which is the whole life of the connection; an engine may have it watched meanwhile. */
    suspend fun run(call: suspend () -> Unit): Unit = call()

    /** @throws HandshakeFailedException where the response is no upgrade that we can use. */
    suspend fun check(endpoint: Endpoint, response: HttpResponse)

    /** Takes the session out of a response that has passed [check]. */
    suspend fun connection(endpoint: Endpoint, response: HttpResponse, handshake: Handshake, life: Job): SessionConnection

    /** What TLS has agreed on, where the engine shows it. CIO's TLS is Ktor's own, and keeps it to itself. */
    val tlsSession: TlsSession? get() = null

    /** Why there is no connection, where the engine knows better than what Ktor has thrown. */
    fun failure(endpoint: Endpoint, failure: Throwable?): ConnectFailedException? = null

    /** The connection has ended, or was never there: frees the socket. Never waits. */
    fun end() {}

    /**
     * The call is over, and with it [connection], where there was one. Returns null where its socket is closed; where nobody
     * can tell whether it is, a job at whose end it is.
     */
    fun over(connection: SessionConnection?): Job? = null
}
