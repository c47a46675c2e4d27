package dev.wspool.ktor

import dev.wspool.TransportConfig
import dev.wspool.test.ConnectorContract
import dev.wspool.transport.Connector
import io.ktor.client.HttpClient
import org.junit.jupiter.api.AfterEach

/** The CIO connector keeps the contract of all connectors. */
class CioConnectorTest : ConnectorContract() {
    private val clients = ArrayList<HttpClient>()

    override val messageBound: Int = 2 shl 20

    override fun connector(): Connector {
        val client = cioClient().also { clients += it }
        return CioConnector(client, TransportConfig { maxMessageSize = messageBound })
    }

    @AfterEach
    fun closeClients() = clients.forEach { it.close() }
}
