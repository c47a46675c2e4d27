package dev.wspool.ktor.server.internal

import dev.wspool.BorrowTimeoutException
import dev.wspool.PoolClosedException
import dev.wspool.PoolException
import dev.wspool.TooManyWaitersException
import dev.wspool.WebSocketPool
import dev.wspool.ktor.server.Unavailable
import dev.wspool.ktor.server.WebSocketPoolsConfig
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.http.content.OutgoingContent
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.ApplicationStopping
import io.ktor.server.request.httpVersion
import io.ktor.server.response.header
import io.ktor.server.response.respondText
import io.ktor.util.AttributeKey
import kotlinx.coroutines.Job
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.math.ceil
import kotlin.time.Duration
import kotlin.time.DurationUnit
import kotlin.time.TimeSource

/** The pools of an application, from `install` to its end. */
internal class RunningPools(
    val all: Map<String, WebSocketPool>,
    private val drainTimeout: Duration,
    private val unavailable: Unavailable,
    private val retryAfter: Duration,
) : StopPreparation.Part {
    private val calls = CallsInFlight()
    private var warmUps: Map<String, WarmUp> = emptyMap()
    private var isToldOfAnswers = false

    operator fun get(name: String): WebSocketPool = requireNotNull(all[name]) {
        "There is no pool \"$name\"; there ${if (all.size == 1) "is" else "are"}: ${all.keys.joinToString().ifEmpty { "none" }}"
    }

    /** As [notReady], for a [pool] that need not be one of these. */
    fun notReady(pool: WebSocketPool): String? = notReady(all.entries.firstOrNull { it.value === pool }?.key.orEmpty())

    /** Why the pool called [name] is not for new requests, whatever it says of itself; null where it is. */
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
            when (val unavailable = unavailable) {
                Unavailable.ByDefault -> answer(call)
                Unavailable.Unanswered -> throw failure
                is Unavailable.By -> unavailable.answer(call, failure)
            }
        } finally {
            if (!isToldOfAnswers) counted.exit()
        }
    }

    private fun isUnavailable(failure: PoolException) = failure is BorrowTimeoutException ||
        failure is TooManyWaitersException ||
        (failure is PoolClosedException && calls.isStopping)

    private suspend fun answer(call: ApplicationCall) {
        val seconds = ceil(retryAfter.toDouble(DurationUnit.SECONDS)).toLong()
        call.response.header(HttpHeaders.RetryAfter, seconds.toString())
        call.respondText("The service is busy. Try again in $seconds s.\n", status = HttpStatusCode.ServiceUnavailable)
    }

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
            for (pool in all.values) launch { pool.drain(left()) }
        }
        withTimeoutOrNull(left()) { calls.awaitLate() }
    }

    override fun close() = all.values.forEach(WebSocketPool::close)

    companion object {
        private val CALL = AttributeKey<CallsInFlight.Call>("WebSocketPoolsCall")

        /** @throws IllegalArgumentException where a setting makes no sense; no pool is left open then. */
        fun start(application: Application, config: WebSocketPoolsConfig, text: PoolsText): RunningPools {
            val drainTimeout = text.drainTimeout ?: notNegative("drainTimeout", config.drainTimeout)
            val warmUpTimeout = text.warmUpTimeout ?: notNegative("warmUpTimeout", config.warmUpTimeout)
            val retryAfter = text.retryAfter ?: notNegative("retryAfter", config.retryAfter)
            val declared = config.pools.values + (text.pools.keys - config.pools.keys).map(DeclaredPool::configured)
            val warmUps = declared.associate { it.name to it.warmUp(text.of(it.name)) }
            val open = LinkedHashMap<String, WebSocketPool>()
            try {
                for (pool in declared) {
                    open[pool.name] = pool.open(text.of(pool.name), application)
                    pool.requireRoomToWarmUp(open.getValue(pool.name), text.of(pool.name))
                }
            } catch (failure: Throwable) {
                open.values.forEach(WebSocketPool::close)
                throw failure
            }
            val running = RunningPools(open, drainTimeout, config.unavailable, retryAfter)
            running.warmUps = warmUps.filterValues { it > 0 }
                .mapValues { (name, count) -> WarmUp(open.getValue(name), count, warmUpTimeout, application) }
            return running
        }

        private fun notNegative(name: String, span: Duration): Duration {
            require(!span.isNegative()) { "$name must not be negative: $span" }
            return span
        }
    }
}
