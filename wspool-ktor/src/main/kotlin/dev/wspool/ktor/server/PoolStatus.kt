package dev.wspool.ktor.server

import dev.wspool.AnyPoolGroup
import dev.wspool.PoolHealth
import dev.wspool.PoolReport
import dev.wspool.WebSocketPool
import dev.wspool.ktor.server.internal.Lender
import dev.wspool.ktor.server.internal.RunningPools
import io.ktor.http.ContentType
import io.ktor.http.HttpStatusCode
import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.accept
import io.ktor.server.routing.application
import io.ktor.server.routing.get
import io.ktor.server.routing.route
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.add
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.encodeToJsonElement
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray

/**
 * Tells of [pools] under [path], of all that [WebSocketPools] has, groups too, where none is given: `GET /pools` their reports as a JSON
 * array, of a group those of each endpoint's pool, times in seconds, or as text for who accepts `text/plain`; `GET /pools/health` their
 * health by name, with 503 where one of them is down, for readiness probes; those of [WebSocketPools] count as down while they are
 * warmed up, and from the moment on at which the application begins to stop.
 *
 * Reports name coroutines, sites and servers: put the route behind your authentication, or on a port that is not public. It takes
 * kotlinx-serialization-json on the class path.
 *
 * @throws IllegalStateException where no pool is given, and [WebSocketPools] is not installed.
 */
public fun Route.webSocketPoolStatus(vararg pools: WebSocketPool, path: String = "/pools"): Route =
    if (pools.isEmpty()) application.runningPools.status(this, path) else webSocketPoolStatus(path) { pools.asList() }

/** As the other, for pools that come and go: they are asked for with each call. */
public fun Route.webSocketPoolStatus(path: String = "/pools", pools: () -> Collection<WebSocketPool>): Route =
    webSocketPoolStatus(path, { emptyList() }, pools)

/** As the other, of [groups] too. */
public fun Route.webSocketPoolStatus(
    path: String = "/pools",
    groups: () -> Collection<AnyPoolGroup>,
    pools: () -> Collection<WebSocketPool>,
): Route = status(path, { byName(pools().map { Lender.OfPool(it) } + groups().map { Lender.OfGroup(it) }) }) { (_, lender) ->
    application.attributes.getOrNull(RunningPoolsKey)?.notReady(lender.source)
}

/** Of several that have one name, as pools of one URL have where none was given, the further ones are numbered: each is to be seen. */
private fun byName(lenders: Collection<Lender>): Map<String, Lender> = buildMap {
    for (lender in lenders) {
        val names = generateSequence(1, Int::inc).map { if (it == 1) lender.name else "${lender.name} #$it" }
        put(names.first { it !in this }, lender)
    }
}

private fun RunningPools.status(route: Route, path: String) = route.status(path, lenders::all) { (name, _) -> notReady(name) }

/** A [PoolHealth] that is no pool's own judgement. */
private fun down(reason: String) = buildJsonObject {
    put("status", PoolHealth.Status.Down.name)
    putJsonArray("reasons") { add(reason) }
}

private fun Route.status(path: String, lenders: () -> Map<String, Lender>, notReady: (Map.Entry<String, Lender>) -> String?) =
    route(path) {
        accept(ContentType.Application.Json) { reports(lenders) }
        accept(ContentType.Text.Plain) {
            get { call.respondText(lenders().values.joinToString("\n\n", transform = Lender::text), ContentType.Text.Plain) }
        }
        reports(lenders)
        get("/health") {
            val judged = lenders().mapValues { notReady(it)?.let(::down) ?: Json.encodeToJsonElement(it.value.health()) }
            val isDown = judged.values.any { it.jsonObject["status"] == JsonPrimitive(PoolHealth.Status.Down.name) }
            val status = if (isDown) HttpStatusCode.ServiceUnavailable else HttpStatusCode.OK
            call.respondText(JsonObject(judged).toString(), ContentType.Application.Json, status)
        }
    }

private fun Route.reports(lenders: () -> Map<String, Lender>) = get {
    val reports: List<PoolReport> = lenders().values.flatMap(Lender::reports)
    call.respondText(Json.encodeToString(reports), ContentType.Application.Json)
}
