package dev.wspool.ktor.server

import dev.wspool.AnyPoolGroup
import dev.wspool.KeyedPoolGroup
import dev.wspool.PoolGroup
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCall
import io.ktor.util.reflect.TypeInfo
import io.ktor.util.reflect.typeInfo

/**
 * The group that is called [name].
 *
 * @throws IllegalArgumentException where there is none; it lists the names there are.
 * @throws IllegalStateException where [WebSocketPools] is not installed.
 */
public fun Application.webSocketPoolGroup(name: String): PoolGroup = runningPools.lenders.group(name)

/** As [Application.webSocketPoolGroup]. */
public fun ApplicationCall.webSocketPoolGroup(name: String): PoolGroup = application.webSocketPoolGroup(name)

/**
 * The keyed group that is called [name].
 *
 * @param K the type of its keys, as [WebSocketPoolsConfig.keyedGroup] has it.
 * @throws IllegalArgumentException where there is none, or its keys are of another type; it lists the names there are.
 * @throws IllegalStateException where [WebSocketPools] is not installed.
 */
public inline fun <reified K : Any> Application.webSocketKeyedPoolGroup(name: String): KeyedPoolGroup<K> =
    keyedPoolGroup(name, typeInfo<KeyedPoolGroup<K>>())

/** As [Application.webSocketKeyedPoolGroup]. */
public inline fun <reified K : Any> ApplicationCall.webSocketKeyedPoolGroup(name: String): KeyedPoolGroup<K> =
    application.webSocketKeyedPoolGroup(name)

/**
 * All groups of [WebSocketPools], keyed ones too, by name, in the order of their declaration.
 *
 * @throws IllegalStateException where it is not installed.
 */
public val Application.webSocketPoolGroups: Map<String, AnyPoolGroup> get() = runningPools.lenders.groups

@PublishedApi
@Suppress("UNCHECKED_CAST") // the type is compared
internal fun <K : Any> Application.keyedPoolGroup(name: String, type: TypeInfo): KeyedPoolGroup<K> =
    runningPools.lenders.keyedGroup(name, type) as KeyedPoolGroup<K>
