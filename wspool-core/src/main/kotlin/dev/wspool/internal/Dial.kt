package dev.wspool.internal

import dev.wspool.ConnectFailedException
import dev.wspool.ConnectTimeoutException
import dev.wspool.Endpoint
import dev.wspool.internal.accept.RealAcceptance
import dev.wspool.transport.ConnectPhase
import dev.wspool.transport.Connection
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.coroutines.cancellation.CancellationException
import kotlin.time.Duration.Companion.nanoseconds

/**
 * The opening of one connection. It always answers: within `connectTimeout`, or as soon as it is called off; where the
 * connector ignores that it is cancelled, `abortTimeout` later. What such a connector opens after all is aborted.
 */
internal class Dial(private val target: PooledConnection) {
    private val pool get() = target.pool
    private val hooks get() = pool.config.hooks
    val begunAt: Long = pool.now()
    private var job: Job? = null
    private var isCalledOff = false // effects may run in any order: a dial that starts after it was called off ends at once

    /** The hook that runs, or null while it is the connector's turn. */
    @Volatile
    private var hook: String? = null

    /** How far the connector has come, as far as it says. */
    @Volatile
    var phase: ConnectPhase? = null

    /** Who was let in, where nobody dials. */
    var acceptance: RealAcceptance? = null

    /** Completed when the connection that a hook has spoilt has ended. */
    private val end = Job()

    /** What the connector says, whenever it does. */
    private val outcome = CompletableDeferred<Result<Connection>>()

    /** Atomic: where the pool's scope is being cancelled, the answer is that it failed. */
    @OptIn(DelicateCoroutinesApi::class)
    fun start() {
        val started = try {
            target.scope.launch(start = CoroutineStart.ATOMIC) { run() }
        } catch (failure: Throwable) {
            return target.notOpened(named(failure)) // a dispatcher that refuses to run it
        }
        val isLate = synchronized(this) {
            job = started
            isCalledOff
        }
        if (isLate) started.cancel()
    }

    fun callOff() {
        val started = synchronized(this) {
            isCalledOff = true
            job
        }
        started?.cancel()
    }

    @OptIn(DelicateCoroutinesApi::class)
    private suspend fun run() {
        val attempt = target.scope.launch(start = CoroutineStart.ATOMIC) { outcome.complete(runCatching { connect() }) }
        val interruption = try {
            withTimeout(pool.config.connectTimeout) { attempt.join() }
            null
        } catch (failure: CancellationException) {
            attempt.cancel()
            awaitLetGo(attempt)
            failure // not thrown on: the machine waits for an answer, and this coroutine ends with it
        }
        if (outcome.isCompleted) {
            // A connection that came in spite of a cancellation or a timeout is as good as any, and must not be lost.
            outcome.await().onSuccess(target::opened).onFailure { target.notOpened(named(interruption ?: it)) }
        } else {
            target.abort() // `onConnect` may hold it, and not let go
            outcome.invokeOnCompletion { abortLate() }
            target.notOpened(named(interruption!!))
        }
    }

    @OptIn(ExperimentalCoroutinesApi::class)
    private fun abortLate() = outcome.getCompleted().getOrNull()?.abort()

    private suspend fun awaitLetGo(attempt: Job) = withContext(NonCancellable) {
        withTimeoutOrNull(pool.machine.limits.abortTimeout.nanoseconds) { attempt.join() }
    }

    /** The connection of this dial has ended. */
    fun connectionEnded() {
        end.complete()
    }

    /** A cancellation that is not this coroutine's is the connector's, or a hook's, own affair: its way to say that it failed. */
    private suspend fun connect(): Connection = try {
        hooks.beforeConnect?.let { ask -> runHook("beforeConnect") { target.endpoint = ask(pool.endpoint).staying() } }
        val opened = pool.connector.connect(target.endpoint, target)
        greet(opened)
        opened
    } catch (failure: CancellationException) {
        currentCoroutineContext().ensureActive()
        val cause = target.redacted(failure)
        throw ConnectFailedException("Connecting to ${pool.name} was given up by the connector: $cause", cause)
    }

    /** A hook that makes an endpoint anew, of the URL with other headers, has not meant it to be at another address. */
    private fun Endpoint.staying(): Endpoint {
        val address = pool.endpoint.ipAddress ?: return this
        return if (ipAddress == null && host == pool.endpoint.host) at(address) else this
    }

    /** Runs code of the user's. What it throws is named as its own, as is the time that it takes. */
    private suspend inline fun runHook(name: String, code: () -> Unit) {
        hook = name
        try {
            code()
        } catch (failure: Throwable) {
            currentCoroutineContext().ensureActive()
            if (failure is ConnectFailedException) throw failure
            val isPermanent = target.closeInfo?.let(pool::isPermanent) == true
            val cause = target.redacted(failure)
            throw ConnectFailedException("$name for ${pool.name} failed: $cause", cause, isPermanent)
        }
        hook = null
    }

    /** The user's own handshake. Whatever ends it but success, the connection is not left open. */
    private suspend fun greet(opened: Connection) {
        val greet = hooks.onConnect
        if (greet == null && !target.isGoingAway) return
        val lease = target.beginGreeting(opened)
        try {
            if (greet != null) runHook("onConnect") { withinTime { greet(lease) } }
            requireFit(lease)
        } catch (failure: Throwable) {
            opened.abort()
            awaitEnd()
            throw failure
        } finally {
            lease.release()
        }
    }

    private suspend inline fun withinTime(crossinline code: suspend () -> Unit) {
        val timeout = hooks.onConnectTimeout
        withTimeoutOrNull(timeout) { code() } ?: throw ConnectTimeoutException("onConnect for ${pool.name} was not done within $timeout")
    }

    /** What was left unread is the pool's to judge, when it takes the connection in. */
    private fun requireFit(lease: NewLease) {
        val why = when {
            target.isGoingAway -> "${pool.name} announced that it goes away as soon as the connection was open"
            lease.isInvalidated -> "onConnect for ${pool.name} invalidated the connection"
            !target.inbox.isOnlyUnread() -> "onConnect for ${pool.name} left an operation unfinished, cancelled or timed out"
            else -> return
        }
        throw ConnectFailedException(why)
    }

    /** Its place is free only when its socket is closed, or nobody can tell whether it is. */
    private suspend fun awaitEnd() = withContext(NonCancellable) {
        withTimeoutOrNull(pool.machine.limits.abortTimeout.nanoseconds) { end.join() }
    }

    private fun named(failure: Throwable): ConnectFailedException = when (failure) {
        is ConnectFailedException -> failure
        is TimeoutCancellationException -> {
            val who = hook?.let { "$it for ${pool.name} was not done" } ?: "${pool.name} did not answer"
            val how = if (hook == null) phase?.let { ": ${it.isNotDone}" }.orEmpty() else ""
            ConnectTimeoutException("$who within ${pool.config.connectTimeout} (connectTimeout)$how")
        }
        is CancellationException -> ConnectFailedException("Connecting to ${pool.name} was given up")
        else -> {
            val cause = target.redacted(failure)
            ConnectFailedException("Connecting to ${pool.name} failed: $cause", cause)
        }
    }
}
