package dev.wspool.ktor

import dev.wspool.TransportConfig
import dev.wspool.ktor.engine.WebSocketsEngine
import dev.wspool.test.ConnectorContract
import dev.wspool.transport.Connector
import io.ktor.client.HttpClient
import io.ktor.client.plugins.websocket.WebSockets
import org.junit.jupiter.api.AfterEach

/** The connector on our own engine keeps the contract of all connectors, with all of their capabilities. */
class WebSocketsEngineConnectorTest : ConnectorContract() {
    private val clients = ArrayList<HttpClient>()

    override val messageBound: Int = 2 shl 20

    override fun connector(): Connector {
        val client = HttpClient(WebSocketsEngine) { install(WebSockets) }.also { clients += it }
        return WebSocketsEngineConnector(client, TransportConfig { maxMessageSize = messageBound })
    }

    @AfterEach
    fun closeClients() = clients.forEach { it.close() }
}
