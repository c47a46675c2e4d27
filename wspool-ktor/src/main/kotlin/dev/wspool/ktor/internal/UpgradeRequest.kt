package dev.wspool.ktor.internal

import dev.wspool.Endpoint
import io.ktor.client.HttpClient
import io.ktor.client.plugins.expectSuccess
import io.ktor.client.request.HttpRequestBuilder
import io.ktor.client.request.prepareRequest
import io.ktor.client.statement.HttpStatement
import io.ktor.http.HttpHeaders
import io.ktor.http.takeFrom

/** The request that opens a connection to [endpoint]; [mark] adds what its engine needs to know. */
internal suspend fun HttpClient.upgradeRequest(endpoint: Endpoint, mark: HttpRequestBuilder.() -> Unit): HttpStatement = prepareRequest {
    url.takeFrom(endpoint.url)
    endpoint.headers.forEach { (name, value) -> headers.append(name, value) }
    if (endpoint.subprotocols.isNotEmpty()) headers.append(HttpHeaders.SecWebSocketProtocol, endpoint.subprotocols.joinToString())
    expectSuccess = false // the status is looked at by us, with the headers that belong to it
    mark()
}
