package dev.wspool.internal

import dev.wspool.ConnectFailedException
import dev.wspool.ConnectTimeoutException
import dev.wspool.transport.Connection
import dev.wspool.transport.redacted
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
    private var job: Job? = null
    private var isCalledOff = false // effects may run in any order: a dial that starts after it was called off ends at once

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
            outcome.invokeOnCompletion { abortLate() }
            target.notOpened(named(interruption!!))
        }
    }

    @OptIn(ExperimentalCoroutinesApi::class)
    private fun abortLate() = outcome.getCompleted().getOrNull()?.abort()

    private suspend fun awaitLetGo(attempt: Job) = withContext(NonCancellable) {
        withTimeoutOrNull(pool.machine.limits.abortTimeout.nanoseconds) { attempt.join() }
    }

    /** A cancellation that is not this coroutine's is the connector's, or a hook's, own affair: its way to say that it failed. */
    private suspend fun connect(): Connection = try {
        hooks.beforeConnect?.let { target.endpoint = it(pool.endpoint) }
        val opened = pool.connector.connect(target.endpoint, target)
        greet(opened)
        opened
    } catch (failure: CancellationException) {
        currentCoroutineContext().ensureActive()
        val cause = target.endpoint.redacted(failure)
        throw ConnectFailedException("Connecting to ${pool.name} was given up by the connector: $cause", cause)
    }

    /** The user's own handshake. Whatever ends it but success, the connection is not left open. */
    private suspend fun greet(opened: Connection) {
        val greet = hooks.onConnect ?: return
        val lease = target.beginGreeting(opened)
        try {
            val isDone = withTimeoutOrNull(hooks.onConnectTimeout) {
                greet(lease)
                true
            }
            if (isDone == null) throw ConnectTimeoutException("onConnect for ${pool.name} was not done within ${hooks.onConnectTimeout}")
        } catch (failure: Throwable) {
            opened.abort()
            if (failure is CancellationException || failure is ConnectFailedException) throw failure
            val cause = target.endpoint.redacted(failure)
            throw ConnectFailedException("onConnect for ${pool.name} failed: $cause", cause)
        } finally {
            lease.release()
        }
    }

    private fun named(failure: Throwable): ConnectFailedException = when (failure) {
        is ConnectFailedException -> failure
        is TimeoutCancellationException ->
            ConnectTimeoutException("${pool.name} did not answer within ${pool.config.connectTimeout} (connectTimeout)")
        is CancellationException -> ConnectFailedException("Connecting to ${pool.name} was given up")
        else -> {
            val cause = target.endpoint.redacted(failure)
            ConnectFailedException("Connecting to ${pool.name} failed: $cause", cause)
        }
    }
}
