package dev.wspool.ktor.faults

import dev.wspool.Backoff
import dev.wspool.ClosedConnection
import dev.wspool.ConnectFailedException
import dev.wspool.Endpoint
import dev.wspool.Lease
import dev.wspool.PoolException
import dev.wspool.WebSocketPool
import dev.wspool.ktor.faults.Moment.Closing
import dev.wspool.ktor.faults.Moment.Dialing
import dev.wspool.ktor.faults.Moment.Idle
import dev.wspool.ktor.faults.Moment.Reading
import dev.wspool.ktor.faults.Moment.Writing
import dev.wspool.test.PeerFrame.Companion.CLOSE
import dev.wspool.test.PeerFrame.Companion.TEXT
import dev.wspool.test.PeerWire
import dev.wspool.transport.Capability
import dev.wspool.transport.Connector
import dev.wspool.withConnection
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A [Cell] being played. */
internal class Play(private val fault: Fault, private val moment: Moment) {
    private val connections = AtomicInteger()
    private val now = CountDownLatch(1)
    private val healed = CountDownLatch(1)
    private val gone = Channel<ClosedConnection>(Channel.UNLIMITED)
    private var departed: ClosedConnection? = null

    /** What happens to an open connection while it is being dialled happens in `onConnect`. */
    private val isGreeted = moment == Dialing && !fault.isHandshake

    fun on(connector: Connector, url: String): Outcome {
        val parent = CoroutineScope(SupervisorJob())
        val pool = poolOf(connector, url, parent)
        try {
            return runBlocking(Dispatchers.Default) { withTimeout(SAFETY_NET) { play(pool, url, parent.coroutineContext.job) } }
        } finally {
            parent.cancel() // where the cell has failed; nothing of it is to outlive it
            now.countDown()
            healed.countDown()
        }
    }

    private suspend fun play(pool: WebSocketPool, url: String, parent: Job): Outcome {
        val told = meet(pool)
        healed.countDown()
        if (told is ConnectFailedException && told.isPermanent) pool.resume() // else the next dial waits for the backoff
        pool.assertUsable()
        awaitDeparture(pool)
        pool.assertWhole()
        pool.close()
        pool.awaitClosed()
        parent.children.toList().joinAll()
        assertEquals(0, parent.children.count(), "coroutines left")
        return Outcome(told, departed, moment).also { it.assertNoSecret(url, "${pool.stats}") }
    }

    // The server

    fun serve(wire: PeerWire): Unit = with(wire) {
        if (connections.incrementAndGet() == 1) return begin()
        open()
        if (isGreeted) reply(receive(TEXT))
        fair()
    }

    private fun PeerWire.begin() {
        if (!fault.isHandshake) open()
        when (moment) {
            Dialing -> if (isGreeted) receive(TEXT) // else an RST would take the answer to the upgrade along
            Idle -> {
                reply(receive(TEXT))
                now.await()
            }
            Reading, Writing -> receive(TEXT)
            Closing -> {
                reply(receive(TEXT))
                receive(CLOSE)
            }
        }
        fault.script(this, healed)
    }

    // The client

    private fun poolOf(connector: Connector, url: String, parent: CoroutineScope) =
        WebSocketPool(connector, Endpoint(url.replace("://", "://ann:$SECRET@") + "?token=$SECRET")) {
            this.parent = parent
            name = "the pool"
            maxConnections = 2
            borrowTimeout = 20.seconds
            backoff = Backoff(1.milliseconds, 5.milliseconds)
            closeTimeout = 500.milliseconds
            abortTimeout = 500.milliseconds // which a socket in doubt takes
            onClose { gone.send(it) }
            if (isGreeted) {
                onConnect {
                    send("hello")
                    receiveText()
                }
            }
            if (moment == Dialing && fault.isSilent) connectTimeout = 500.milliseconds
            pingInterval = Duration.INFINITE
            if (moment != Dialing && moment != Closing && fault.isSilent) {
                pingInterval = 100.milliseconds
                pongTimeout = 300.milliseconds
            }
        }

    private suspend fun meet(pool: WebSocketPool): Throwable? = when (moment) {
        Dialing -> pool.warmUp(1).failures.singleOrNull()
        Idle -> {
            val id = pool.withConnection { id.also { echo() } }
            until { pool.stats.idle == 1 }
            now.countDown()
            if (fault.isHarmless) {
                pool.withConnection {
                    echo()
                    assertEquals(id, this.id)
                }
            } else {
                departed = gone.receive()
            }
            null
        }
        Reading -> failureOf {
            pool.withConnection {
                send("begin")
                receiveText()
                if (Capability.Ping in fault.needs) ping() // what was sent before the pong has arrived
            }
        }
        Writing -> failureOf {
            pool.withConnection {
                send("begin")
                withTimeout(if (fault.isDeaf) PATIENCE else SAFETY_NET) { repeat(MESSAGES) { send(ByteArray(MESSAGE)) } }
            }
        }
        Closing -> {
            pool.withConnection { echo() }
            until { pool.stats.idle == 1 }
            pool.evictIdle()
            pool.assertUsable() // while the other is being closed
            departed = gone.receive()
            null
        }
    }

    private suspend inline fun failureOf(action: () -> Unit): Throwable? = try {
        action()
        null
    } catch (failure: PoolException) {
        failure
    } catch (ownTimeout: TimeoutCancellationException) {
        ownTimeout
    }

    private suspend fun WebSocketPool.assertUsable() = withConnection { echo() }

    /** No other connection than the one that met the fault has reason to leave. */
    private suspend fun awaitDeparture(pool: WebSocketPool) {
        until { pool.stats.closing == 0 }
        if (departed == null && pool.stats.destroyed.isNotEmpty()) departed = gone.receive()
    }

    private suspend fun WebSocketPool.assertWhole() {
        val leases = List(2) { borrow() }
        assertEquals(2, leases.distinctBy { it.id }.size)
        leases.forEach { it.echo() }
        leases.forEach(Lease::release)
        until { stats.closing == 0 }
        val stats = stats
        assertEquals(stats.created, stats.idle + stats.leased + stats.destroyed.values.sum(), "$stats")
        assertEquals(0, stats.timedOut, "$stats")
    }

    private suspend fun Lease.echo() {
        val nonce = "nonce ${System.nanoTime()}"
        send(nonce)
        assertEquals(nonce, receiveText())
    }

    private suspend fun until(condition: () -> Boolean) {
        while (!condition()) yield()
    }

    private companion object {
        const val SECRET = "s3cret"
        const val MESSAGE = 16 * 1024
        const val MESSAGES = 1_024
        val PATIENCE = 500.milliseconds
        val SAFETY_NET = 30.seconds
    }
}
