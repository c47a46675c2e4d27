package dev.wspool.java

import dev.wspool.Discovery
import dev.wspool.Endpoint
import dev.wspool.Message
import dev.wspool.assertNothingLeft
import dev.wspool.assertSound
import dev.wspool.assertWhole
import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnection
import dev.wspool.test.FakeConnector
import dev.wspool.test.FakeDial
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.util.function.Consumer
import kotlin.time.Duration.Companion.seconds

/** What the tests that are written in Java want of the test kit, as plain functions that block. */
internal object Fixture {
    private val PATIENCE = 20.seconds

    /** A connector whose peers send back whatever they get. */
    @JvmStatic fun echoing() = FakeConnector(autoConnect = true) { it.echoes() }

    /** A connector whose peers never say anything of themselves. */
    @JvmStatic fun silent() = FakeConnector(autoConnect = true)

    /** A connector whose dials the test answers. */
    @JvmStatic fun manual() = FakeConnector { it.echoes() }

    @JvmStatic
    fun pool(connector: FakeConnector, configure: Consumer<JavaPoolBuilder>): JavaWebSocketPool =
        JavaWebSocketPool.of(connector, Endpoint("ws://fake"), configure)

    @JvmStatic fun awaitDial(connector: FakeConnector): FakeDial = wait { connector.awaitConnect() }

    @JvmStatic fun awaitSent(connection: FakeConnection): Message = wait { connection.awaitSent() }

    @JvmStatic fun awaitOpen(connector: FakeConnector, count: Int) = wait { connector.awaitOpenConnections(count) }

    @JvmStatic fun awaitEnd(connection: FakeConnection) = wait { connection.awaitEnd() }

    @JvmStatic
    fun neverSends(connection: FakeConnection) {
        connection.sending = FakeBehavior.Never
    }

    /** The pool can lend all that it may, and when it is closed nothing of it is left. */
    @JvmStatic
    fun assertWholeAndEnd(pool: JavaWebSocketPool, connector: FakeConnector) = wait {
        pool.unwrap().assertWhole()
        pool.unwrap().assertNothingLeft(connector)
    }

    @JvmStatic fun assertSound(pool: JavaWebSocketPool) = pool.unwrap().assertSound()

    /** The first endpoints that are not [other]. */
    @JvmStatic
    fun endpoints(discovery: Discovery, other: Set<Endpoint>?): Set<Endpoint> =
        wait { discovery.endpoints(emptyFlow()).first { it != other } }

    private fun <T> wait(block: suspend () -> T): T = runBlocking { withTimeout(PATIENCE) { block() } }
}
