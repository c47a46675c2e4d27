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
import io.ktor.server.application.ApplicationStopPreparing
import io.ktor.server.application.ApplicationStopping
import io.ktor.server.request.httpVersion
import io.ktor.server.response.header
import io.ktor.server.response.respondText
import io.ktor.util.AttributeKey
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
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
) {
    private val calls = CallsInFlight()
    private var warmUps: Map<String, WarmUp> = emptyMap()
    private var isToldOfAnswers = false

    operator fun get(name: String): WebSocketPool = requireNotNull(all[name]) {
        "There is no pool \"$name\"; there ${if (all.size == 1) "is" else "are"}: ${all.keys.joinToString().ifEmpty { "none" }}"
    }

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
        val draining = application.monitor.subscribe(ApplicationStopPreparing) { stop() }
        application.monitor.subscribe(ApplicationStopping) {
            if (it !== application) return@subscribe // one that was reloaded
            draining.dispose()
            all.values.forEach(WebSocketPool::close)
        }
    }

    /** Blocks, as engines go on when their handlers return. */
    private fun stop() {
        try {
            runBlocking { drain() }
        } catch (_: InterruptedException) {
            all.values.forEach(WebSocketPool::close)
            Thread.currentThread().interrupt() // whoever stops the engine learns of it
        }
    }

    private suspend fun drain() {
        val began = TimeSource.Monotonic.markNow()
        fun left() = (drainTimeout - began.elapsedNow()).coerceAtLeast(Duration.ZERO)
        withTimeoutOrNull(left()) { calls.stopAndAwait() }
        coroutineScope {
            for (pool in all.values) launch { pool.drain(left()) }
        }
        withTimeoutOrNull(left()) { calls.awaitLate() }
    }

    companion object {
        private val CALL = AttributeKey<CallsInFlight.Call>("WebSocketPoolsCall")

        /** @throws IllegalArgumentException where a setting makes no sense; no pool is left open then. */
        fun start(application: Application, config: WebSocketPoolsConfig, text: PoolsText): RunningPools {
            val drainTimeout = notNegative("drainTimeout", text.drainTimeout ?: config.drainTimeout)
            val warmUpTimeout = notNegative("warmUpTimeout", text.warmUpTimeout ?: config.warmUpTimeout)
            val retryAfter = notNegative("retryAfter", text.retryAfter ?: config.retryAfter)
            val declared = config.pools.values + (text.pools.keys - config.pools.keys).map(DeclaredPool::configured)
            val open = LinkedHashMap<String, WebSocketPool>()
            try {
                for (pool in declared) open[pool.name] = pool.open(text.of(pool.name), application)
            } catch (failure: Throwable) {
                open.values.forEach(WebSocketPool::close)
                throw failure
            }
            val running = RunningPools(open, drainTimeout, config.unavailable, retryAfter)
            running.warmUps = declared.associate { it.name to it.warmUp(text.of(it.name)) }.filterValues { it > 0 }
                .mapValues { (name, count) -> WarmUp(open.getValue(name), count, warmUpTimeout, application) }
            return running
        }

        private fun notNegative(name: String, span: Duration): Duration {
            require(!span.isNegative()) { "$name must not be negative: $span" }
            return span
        }
    }
}
