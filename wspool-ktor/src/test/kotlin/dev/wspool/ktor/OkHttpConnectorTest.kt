package dev.wspool.ktor

import dev.wspool.TransportConfig
import dev.wspool.test.ConnectorContract
import dev.wspool.transport.Connector
import io.ktor.client.HttpClient
import io.ktor.client.engine.okhttp.OkHttp
import io.ktor.client.plugins.websocket.WebSockets
import org.junit.jupiter.api.AfterEach

/** The OkHttp connector keeps the contract of all connectors, as far as its capabilities go. */
class OkHttpConnectorTest : ConnectorContract() {
    private val clients = ArrayList<HttpClient>()

    override val messageBound: Int = 2 shl 20

    override fun connector(): Connector {
        val client = HttpClient(OkHttp) { install(WebSockets) }.also { clients += it }
        return OkHttpConnector(client, TransportConfig { maxMessageSize = messageBound })
    }

    @AfterEach
    fun closeClients() = clients.forEach { it.close() }
}
