package dev.wspool

import dev.wspool.internal.group.GroupRoom
import dev.wspool.internal.group.RealAnyGroup
import dev.wspool.internal.machine.checkInvariants
import dev.wspool.transport.Connector
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlin.test.assertTrue
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** In the virtual time of the test, as [poolOf]. */
internal fun GroupConfig.Builder.virtual(scope: TestScope) = pools {
    dispatcher = StandardTestDispatcher(scope.testScheduler)
    timeSource = scope.testScheduler.timeSource
    random = LongestDelays
    pingInterval = Duration.INFINITE
    maxLifetime = Duration.INFINITE
    backoff = Backoff(100.milliseconds, 5.seconds)
}

internal fun TestScope.groupOf(connector: Connector, vararg names: String, configure: GroupConfig.Builder.() -> Unit = {}): PoolGroup =
    PoolGroup(connector, Discovery.fixed(*Array(names.size) { Endpoint("ws://${names[it]}") })) {
        virtual(this@groupOf)
        configure()
    }

internal val AnyPoolGroup.theirRoom: GroupRoom get() = (this as RealAnyGroup).room

/** What holds of a group at any moment. */
internal fun AnyPoolGroup.assertSound() {
    theirRoom.run { mailbox.ask { machine.checkInvariants(now()) } }
    assertTrue(stats.total <= stats.maxConnections, "$stats")
}
