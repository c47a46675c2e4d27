package dev.wspool.samples.benchmarks.echo

import dev.wspool.ktor.engine.WebSocketsEngine
import io.ktor.client.HttpClient
import io.ktor.client.engine.cio.CIO
import io.ktor.client.engine.okhttp.OkHttp
import io.ktor.client.plugins.websocket.WebSockets

/** As Ktor's documentation makes one. */
internal fun cio(trust: Trust) = HttpClient(CIO) {
    install(WebSockets)
    engine { https { trustManager = trust.manager } }
}

/** Ktor's sessions on wspool's engine. */
internal fun wspool(trust: Trust) = HttpClient(WebSocketsEngine) {
    install(WebSockets)
    engine { tls { trust(trust.certificate) } }
}

/** As Ktor's documentation makes one. */
internal fun okHttp(trust: Trust) = HttpClient(OkHttp) {
    install(WebSockets)
    engine { config { sslSocketFactory(trust.context.socketFactory, trust.manager) } }
}
