package dev.wspool.ktor.server

import dev.wspool.WebSocketPool
import dev.wspool.withConnection
import io.ktor.client.request.get
import io.ktor.server.application.Application
import io.ktor.server.config.MapApplicationConfig
import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import io.ktor.server.testing.ApplicationTestBuilder
import io.ktor.server.testing.testApplication

/** Texts there and back, through the pool of prices. */
internal fun Application.prices() = routing { price() }

internal fun Route.price() = get("/price/{id}") { call.respondText(call.webSocketPool("prices").echoed(call.parameters["id"]!!)) }

internal suspend fun WebSocketPool.echoed(text: String): String = withConnection {
    send(text)
    receiveText()
}

/** An application with [settings] for its configuration. */
internal fun configured(vararg settings: Pair<String, String>, test: suspend ApplicationTestBuilder.() -> Unit) = testApplication {
    environment { config = MapApplicationConfig(*settings) }
    test()
}
