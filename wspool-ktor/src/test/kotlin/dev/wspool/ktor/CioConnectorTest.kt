package dev.wspool.ktor

import dev.wspool.ktor.internal.cioClient
import dev.wspool.test.ConnectorContract
import dev.wspool.transport.Connector
import io.ktor.client.HttpClient
import org.junit.jupiter.api.AfterEach

/** The CIO connector keeps the contract of all connectors. */
class CioConnectorTest : ConnectorContract() {
    private val clients = ArrayList<HttpClient>()

    override val messageBound: Int = 2 shl 20

    override fun connector(): Connector = CioConnector(cioClient().also { clients += it }, messageBound)

    @AfterEach
    fun closeClients() = clients.forEach { it.close() }
}
