package dev.wspool

import dev.wspool.test.FakeConnector
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runTest

/** Groups on a connector that echoes, in virtual time. */
abstract class GroupScene {
    internal val connector = echoing()
    private val opened = ArrayList<AnyPoolGroup>()

    internal fun <G : AnyPoolGroup> G.kept(): G = also(opened::add)

    /** Closes its groups however it ends, or virtual time would have no end. */
    internal fun play(scene: suspend TestScope.() -> Unit) = runTest {
        try {
            scene()
        } finally {
            opened.forEach { it.close() }
        }
    }

    internal fun TestScope.open(vararg names: String, configure: GroupConfig.Builder.() -> Unit = {}): PoolGroup =
        groupOf(connector, *names, configure = configure).kept()

    internal fun TestScope.keyed(configure: GroupConfig.Builder.() -> Unit = {}): KeyedPoolGroup<String> =
        KeyedPoolGroup(connector, { key: String -> Endpoint("ws://$key") }) {
            virtual(this@keyed)
            configure()
        }.kept()

    internal fun FakeConnector.hosts(): List<String> = dials.map { it.endpoint.host }

    internal fun hostOf(id: ConnectionId): String = connector.dials["$id".drop(1).toInt() - 1].endpoint.host

    internal fun PoolGroup.of(host: String): EndpointStats = stats.endpoints.first { it.address == "ws://$host" }

    internal suspend fun PoolGroup.ask(text: String): String = withConnection {
        send(text)
        receiveText()
    }

    /** All connections to [host] are closed by it, in a way that says why. */
    internal suspend fun FakeConnector.trouble(host: String) =
        connections.zip(dials).filter { (_, dial) -> dial.endpoint.host == host }.forEach { (c, _) -> c.closes(1011, "trouble") }
}
