package dev.wspool.samples.benchmarks.pools

import dev.wspool.Endpoint
import dev.wspool.Lease
import dev.wspool.WebSocketPool
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.openjdk.jmh.infra.Blackhole

/** What `withConnection` is made of, one by one. */
class WspoolLeases(connections: Int) : AutoCloseable {
    private val pool = WspoolPool(connections).pool
    private val empty = WebSocketPool(BareConnector, Endpoint("ws://localhost/")) { maxConnectsPerSecond = 1e9 }
    private val leases = arrayOfNulls<Lease>(connections)

    suspend fun borrowAll() {
        for (i in leases.indices) leases[i] = pool.borrow()
    }

    fun releaseAll() {
        for (lease in leases) lease!!.release()
    }

    suspend fun borrowAndRelease(count: Int, blackhole: Blackhole) = repeat(count) {
        val lease = pool.borrow()
        blackhole.consume(lease)
        lease.release()
    }

    /** Each borrow finds none idle and waits for a dial, which is answered at once; then the connection is closed. */
    fun dial(count: Int) = runBlocking(Dispatchers.Default) {
        repeat(count) { empty.borrow().invalidate() }
    }

    override fun close() {
        pool.close()
        empty.close()
    }
}
