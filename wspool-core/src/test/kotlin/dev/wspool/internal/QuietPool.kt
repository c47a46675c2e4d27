package dev.wspool.internal

import dev.wspool.Endpoint
import dev.wspool.WebSocketPool
import dev.wspool.internal.machine.connected
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Runnable
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.time.Duration
import kotlin.time.TestTimeSource

/**
 * The actor with its connections open, in which only turns and resumes happen: the clock stands still, no timer runs, and
 * nobody runs what the pool's own coroutines would do, as if their dispatcher were slow. For Lincheck, which takes every
 * step of it thousands of times.
 */
internal class QuietPool(connections: Int) {
    private val idler = object : CoroutineDispatcher() {
        override fun dispatch(context: CoroutineContext, block: Runnable) {
            if (context === EmptyCoroutineContext) block.run() // a caller who has no dispatcher is resumed
        }
    }

    val pool = WebSocketPool(FakeConnector(), Endpoint("ws://fake")) {
        maxConnections = connections
        dispatcher = idler
        timeSource = TestTimeSource()
        borrowTimeout = Duration.INFINITE
        maxIdleTime = Duration.INFINITE
        maxLifetime = Duration.INFINITE
        pingInterval = Duration.INFINITE
    } as RealPool

    init {
        repeat(connections) { number ->
            val connection = PooledConnection(pool, number.toLong())
            pool.mailbox.post {
                pool.machine.roster.add(connection)
                pool.machine.connected(connection, now = 0)
            }
        }
        check(pool.stats.idle == connections) { "Nothing to borrow: ${pool.stats}" } // a closed pool is linearisable too
    }
}
