package dev.wspool.ktor.server.internal

import dev.wspool.Balancer
import dev.wspool.Ejection
import dev.wspool.GroupConfig

/** Those of a group itself; what its pools have in common stands in a section of its own. */
internal val GROUP_SETTINGS = Settings<GroupConfig.Builder>(
    mapOf(
        "name" to { name = it.text },
        "maxConnections" to { maxConnections = it.wholeNumber },
        "maxWaiting" to { maxWaiting = it.wholeNumber },
        "borrowTimeout" to { borrowTimeout = it.span },
        "maxConcurrentConnects" to { maxConcurrentConnects = it.wholeNumber },
        "maxConnectsPerSecond" to { maxConnectsPerSecond = it.number },
        "balancer" to { balancer = it.oneOf(BALANCERS) },
        "ejection" to { ejection = if (it.oneOf(ON_OFF)) ejection ?: Ejection() else null },
        "connectPatience" to { connectPatience = it.span },
        "removalTimeout" to { removalTimeout = it.span },
        "maxPools" to { maxPools = it.wholeNumber },
        "maxEmptyTime" to { maxEmptyTime = it.span },
    ),
    listOf(
        PartedSetting("ejection", "failures", "window", "firstTime", "longestTime") {
            val before = ejection ?: Ejection()
            ejection = Ejection(
                it["failures"]?.wholeNumber ?: before.failures,
                it["window"]?.span ?: before.window,
                it["firstTime"]?.span ?: before.firstTime,
                it["longestTime"]?.span ?: before.longestTime,
            )
        },
    ),
)

private val BALANCERS: Map<String, Balancer> =
    listOf(Balancer.RoundRobin, Balancer.LeastLeased, Balancer.PowerOfTwoChoices, Balancer.ConsistentHash).associateBy { "$it" }

private val ON_OFF = mapOf("on" to true, "off" to false)
