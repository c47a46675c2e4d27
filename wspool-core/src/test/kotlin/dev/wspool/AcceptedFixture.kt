package dev.wspool

import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import dev.wspool.transport.Acceptance
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlin.test.assertNotNull
import kotlin.time.Duration

/** A pool that clients connect to, in the virtual time of the test. */
internal fun TestScope.acceptedPool(configure: PoolConfig.Builder.() -> Unit = {}): AcceptedPool = AcceptedPool {
    dispatcher = StandardTestDispatcher(testScheduler)
    timeSource = testScheduler.timeSource
    random = LongestDelays
    pingInterval = Duration.INFINITE
    configure()
}

/** The clients of an [AcceptedPool]: the test is each one's peer. */
internal class Clients(private val pool: AcceptedPool, val engine: FakeConnector = echoing()) {
    private val endpoint = Endpoint("ws://fake")

    /** A client connects, and its handshake is done at once. */
    suspend fun connect(owner: AffinityKey? = null): FakeConnection = opened(assertNotNull(pool.admit(owner), "${pool.stats}"))

    /** The handshake of who was let in is done. */
    suspend fun opened(acceptance: Acceptance): FakeConnection {
        val connection = engine.connect(endpoint, acceptance.listener) as FakeConnection
        acceptance.opened(connection)
        return connection
    }
}

/** For tests in Java. */
object JavaClients {
    private val engine = echoing()

    /** A client that sends back what it gets connects to [pool]. */
    @JvmStatic
    fun connect(pool: AcceptedPool): FakeConnection = runBlocking { Clients(pool, engine).connect() }
}
