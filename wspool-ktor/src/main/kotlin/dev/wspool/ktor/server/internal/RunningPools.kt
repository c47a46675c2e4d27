package dev.wspool.ktor.server.internal

import dev.wspool.BorrowTimeoutException
import dev.wspool.PoolClosedException
import dev.wspool.PoolException
import dev.wspool.TooManyWaitersException
import dev.wspool.ktor.server.WebSocketPoolsConfig
import io.ktor.http.HttpHeaders
import io.ktor.http.content.OutgoingContent
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.ApplicationStopping
import io.ktor.server.request.httpVersion
import io.ktor.server.response.header
import io.ktor.util.AttributeKey
import kotlinx.coroutines.Job
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration
import kotlin.time.TimeSource

/** The pools and groups of an application, from `install` to its end. */
internal class RunningPools private constructor(
    val lenders: Lenders,
    private val warmUps: Map<String, WarmUp>,
    private val drainTimeout: Duration,
    private val unavailable: Unavailable,
    private val retryAfter: Duration,
) : StopPreparation.Part {
    private val calls = CallsInFlight()
    private var isToldOfAnswers = false

    /** As the other, for a pool or a group that need not be one of these. */
    fun notReady(source: AutoCloseable): String? = notReady(lenders.all.entries.firstOrNull { it.value.source === source }?.key.orEmpty())

    /** Why the one called [name] is not for new requests, whatever it says of itself; null where it is. */
    fun notReady(name: String): String? = if (calls.isStopping) "The application stops." else warmUps[name]?.underWay

    suspend fun awaitWarm(): Unit = warmUps.values.map { it.job }.joinAll()

    /** Calls [proceed], and answers where there was no connection for it. */
    suspend fun serve(call: ApplicationCall, proceed: suspend () -> Unit) {
        val counted = calls.enter()
        call.attributes.put(CALL, counted)
        try {
            proceed()
        } catch (failure: PoolException) {
            if (!isUnavailable(failure) || call.response.isCommitted) throw failure
            unavailable.answer(call, failure, retryAfter)
        } finally {
            if (!isToldOfAnswers) counted.exit()
        }
    }

    private fun isUnavailable(failure: PoolException) = failure is BorrowTimeoutException ||
        failure is TooManyWaitersException ||
        (failure is PoolClosedException && calls.isStopping)

    /**
     * An answer is about to be sent. While the application stops it is the last on its connection: clients that went on sending on
     * connections that are kept alive would meet the end of the engine in the middle of a request.
     */
    fun answering(call: ApplicationCall, content: OutgoingContent) {
        if (content is OutgoingContent.ProtocolUpgrade) {
            call.attributes.getOrNull(CALL)?.exit()
        } else if (calls.isStopping && call.request.httpVersion.startsWith("HTTP/1")) {
            call.response.header(HttpHeaders.Connection, "close")
        }
    }

    /** Drains before the engine stops, and closes whatever else ends the application: a failed start, a reload. */
    fun endWith(application: Application) {
        isToldOfAnswers = AfterAnswer.install(application) { it.attributes.getOrNull(CALL)?.exit() }
        val preparation = StopPreparation.of(application)
        preparation.awaitRequests = { withTimeoutOrNull(drainTimeout) { calls.stopAndAwait() } }
        preparation.add(this)
        application.monitor.subscribe(ApplicationStopping) { if (it === application) close() } // it may be one that was reloaded
    }

    override suspend fun drain(requests: Job) {
        val began = TimeSource.Monotonic.markNow()
        fun left() = (drainTimeout - began.elapsedNow()).coerceAtLeast(Duration.ZERO)
        requests.join()
        coroutineScope {
            for (lender in lenders.all.values) launch { lender.drain(left()) }
        }
        withTimeoutOrNull(left()) { calls.awaitLate() }
    }

    override fun close() = lenders.close()

    companion object {
        private val CALL = AttributeKey<CallsInFlight.Call>("WebSocketPoolsCall")

        /** @throws IllegalArgumentException where a setting makes no sense; no pool is left open then. */
        fun start(application: Application, config: WebSocketPoolsConfig, text: PoolsText): RunningPools {
            val drainTimeout = text.drainTimeout ?: notNegative("drainTimeout", config.drainTimeout)
            val warmUpTimeout = text.warmUpTimeout ?: notNegative("warmUpTimeout", config.warmUpTimeout)
            val retryAfter = text.retryAfter ?: notNegative("retryAfter", config.retryAfter)
            val lenders = Lenders.open(config.declared, text, application)
            val warmUps = buildMap {
                for ((name, lender) in lenders.all) {
                    if (lender is Lender.OfPool && lender.warmUp > 0) {
                        put(name, WarmUp(lender.source, lender.warmUp, warmUpTimeout, application))
                    }
                }
            }
            return RunningPools(lenders, warmUps, drainTimeout, config.unavailable, retryAfter)
        }

        private fun notNegative(name: String, span: Duration): Duration {
            require(!span.isNegative()) { "$name must not be negative: $span" }
            return span
        }
    }
}
