package dev.wspool.samples.dashboard

import dev.wspool.Backoff
import dev.wspool.Endpoint
import dev.wspool.PoolEvent
import dev.wspool.WebSocketPool
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.takeWhile
import kotlinx.coroutines.launch
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** The pool that is shown: one after the other, as a pool that was drained is closed for good. Its events are told to [listener]. */
class PoolKeeper(
    private val url: String,
    private val credentials: Credentials,
    private val scope: CoroutineScope,
    private val listener: (PoolEvent) -> Unit,
) {
    private val current = MutableStateFlow(create(MOST_AT_FIRST))

    val pool: WebSocketPool get() = current.value

    @Volatile
    var phase = Phase.Open
        private set

    /** Waits for the pool that comes after [ended]. */
    suspend fun awaitNext(ended: WebSocketPool): WebSocketPool = current.first { it !== ended }

    /** Sets how many connections there may be. */
    fun resize(most: Int) = pool.reconfigure { maxConnections = most }

    /** Whoever borrows from now on gets a connection with new credentials. */
    fun rotate(): Int = credentials.rotate().also { pool.rotateCredentials() }

    /** Returns at once; the pool is closed when all leases are back, or after [PATIENCE]. */
    fun drain() {
        check(phase == Phase.Open) { "the pool is $phase" }
        phase = Phase.Draining
        val drained = pool
        scope.launch {
            drained.drain(PATIENCE)
            phase = Phase.Closed
        }
    }

    /** Puts another pool in the place of one that is closed, with as many connections. */
    fun renew() {
        check(phase == Phase.Closed) { "the pool is $phase" }
        val next = create(pool.config.maxConnections)
        phase = Phase.Open
        current.value = next
    }

    suspend fun close() {
        pool.close()
        pool.awaitClosed()
    }

    /** Its settings are such that something is to be seen: lives are short, and a connection that is dead is found out soon. */
    private fun create(most: Int): WebSocketPool {
        val pool = WebSocketPool(url) {
            name = "pool"
            maxConnections = most
            borrowTimeout = 2.seconds
            connectTimeout = 2.seconds
            pingInterval = 2.seconds
            pongTimeout = 1.seconds
            maxIdleTime = 20.seconds
            maxLifetime = 2.minutes
            backoff = Backoff(initial = 0.5.seconds, max = 2.seconds)
            closeTimeout = 1.seconds
            beforeConnect { Endpoint(it.url, mapOf("Authorization" to credentials.current)) }
        }
        scope.launch(start = CoroutineStart.UNDISPATCHED) {
            pool.events.takeWhile {
                listener(it)
                it !is PoolEvent.Ended
            }.collect { }
        }
        pool.reconfigure { minIdle = LEAST } // now, so that there is a listener to the first dials, too
        return pool
    }

    @Serializable
    enum class Phase {
        @SerialName("open")
        Open,

        @SerialName("draining")
        Draining,

        @SerialName("closed")
        Closed,
    }

    companion object {
        /** `minIdle`. */
        const val LEAST = 2

        private const val MOST_AT_FIRST = 8
        private val PATIENCE = 5.seconds
    }
}
