package dev.wspool.internal.accept

import dev.wspool.AcceptedConnection
import dev.wspool.AcceptedPool
import dev.wspool.AffinityKey
import dev.wspool.BroadcastReport
import dev.wspool.ConnectionId
import dev.wspool.Endpoint
import dev.wspool.Message
import dev.wspool.PoolConfig
import dev.wspool.SlowReaders
import dev.wspool.UnsolicitedMessages
import dev.wspool.internal.PooledConnection
import dev.wspool.internal.RealPool
import dev.wspool.internal.machine.SlotState
import dev.wspool.internal.machine.admit
import dev.wspool.transport.Acceptance
import kotlin.time.Duration

/** A pool whose connections come by themselves. */
internal class RealAcceptedPool private constructor(config: PoolConfig) :
    RealPool(Endpoint("ws://accepted"), config, Entrance, ownsConnector = false),
    AcceptedPool {
        private val broadcasts = Broadcasts(this)

        override fun admit(owner: AffinityKey?): Acceptance? = mailbox.ask {
            val connection = machine.admit(owner?.key) as PooledConnection?
            connection?.id = ConnectionId(randomHex(DIGITS))
            connection?.letIn()
        }

        override fun broadcast(message: Message, slowReaders: SlowReaders, filter: ((AcceptedConnection) -> Boolean)?): BroadcastReport {
            val open = mailbox.ask { machine.roster.slots.filter { it.state in OPEN }.map { it as PooledConnection } }
            return broadcasts.send(message, slowReaders, if (filter == null) open else open.filter { filter(ClientView(it)) })
        }

        override fun reconfigure(change: PoolConfig.Builder.() -> Unit) = super.reconfigure {
            change()
            requireNoDialling()
        }

        private class ClientView(private val connection: PooledConnection) : AcceptedConnection {
            override val id get() = connection.id
            override val owner get() = connection.belongsTo
            override val attributes get() = connection.attributes
            override val handshake get() = connection.connection.handshake
            override val remoteAddress get() = connection.connection.remoteAddress
        }

        internal companion object {
            private const val DIGITS = 32
            private val OPEN = setOf(SlotState.IDLE, SlotState.LEASED, SlotState.CHECKING)

            private val OF_DIALLING = listOf(
                "adaptiveCapacity",
                "maxConcurrentConnects",
                "maxConnectsPerSecond",
                "backoff",
                "network",
                "compression",
                "proxy",
            )

            fun of(configure: PoolConfig.Builder.() -> Unit): RealAcceptedPool {
                val settings = PoolConfig.Builder().apply {
                    name = "accepted"
                    maxIdleTime = Duration.INFINITE
                    maxLifetime = Duration.INFINITE
                    unsolicitedMessages = UnsolicitedMessages.Keep
                    configure()
                    requireNoDialling()
                }
                return RealAcceptedPool(settings.build())
            }

            private fun PoolConfig.Builder.requireNoDialling() {
                val given = firstGiven(OF_DIALLING) ?: when {
                    hooks.beforeConnect != null -> "beforeConnect"
                    hooks.closeAction != null -> "onCloseCode"
                    tlsBuilder != null -> "tls"
                    else -> return
                }
                throw IllegalArgumentException("$given cannot be set here: clients connect, and the server's engine accepts them")
            }
        }
    }
