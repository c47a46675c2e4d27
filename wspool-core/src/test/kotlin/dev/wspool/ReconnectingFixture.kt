package dev.wspool

import dev.wspool.internal.RealReconnectingWebSocket
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlin.test.assertIs
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A connection that is kept, in the virtual time of the test. */
internal fun TestScope.reconnecting(connector: FakeConnector, configure: PoolConfig.Builder.() -> Unit = {}): ReconnectingWebSocket =
    ReconnectingWebSocket(connector, Endpoint("ws://fake")) {
        dispatcher = StandardTestDispatcher(testScheduler)
        timeSource = testScheduler.timeSource
        random = LongestDelays
        pingInterval = Duration.INFINITE
        backoff = Backoff(100.milliseconds, 5.seconds)
        configure()
    }

/** Closes it, and no coroutine and no socket is left. */
internal suspend fun ReconnectingWebSocket.assertNothingLeft(connector: FakeConnector) {
    close()
    awaitClosed()
    (this as RealReconnectingWebSocket).pool.assertNothingLeft(connector)
    assertIs<ConnectionState.Closed>(connectionState.value)
}
