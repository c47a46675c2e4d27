package dev.wspool.testkit

import dev.wspool.test.ConnectorContract
import dev.wspool.transport.Connector

/** The contract itself, tried on a connector that has nothing but a socket. */
class SocketConnectorContractTest : ConnectorContract() {
    override val messageBound: Int = 2 * 1024 * 1024

    override fun connector(): Connector = SocketConnector(messageBound)
}
