package dev.wspool.ktor

import dev.wspool.TransportConfig
import dev.wspool.test.ScriptedServer
import dev.wspool.test.Scripts
import dev.wspool.transport.ConnectorProvider
import org.junit.jupiter.api.Test
import java.util.ServiceLoader
import kotlin.test.assertEquals

class WebSocketsEngineConnectorProviderTest {
    @Test
    fun providerIsFoundOnTheClassPathAndMakesAConnectorThatConnects() {
        val provider = ServiceLoader.load(ConnectorProvider::class.java).single()
        assertEquals("wspool", provider.name)
        assertEquals(100, provider.priority)
        ScriptedServer(Scripts.listen).use { server ->
            rule(provider.create(TransportConfig())) { open(server.url) }
            server.awaitNoneOpen()
        }
    }
}
