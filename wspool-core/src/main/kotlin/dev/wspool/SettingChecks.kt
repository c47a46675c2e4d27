package dev.wspool

import kotlinx.coroutines.Dispatchers
import kotlin.time.Duration

/** What makes no sense is refused, by name and value. Settings are checked against each other only where both were given. */
internal fun PoolConfig.checkSettings(given: PoolConfig.Builder) {
    require(name?.isBlank() != true) { "name must not be blank" }
    require(dispatcher !== Dispatchers.Unconfined) { "dispatcher must not be Dispatchers.Unconfined: it has no thread to run on" }
    checkAdaptive(given)
    checkSizes()
    checkSharing(given)
    checkTimes()
    checkLifetimes()
    checkOrder(given)
}

private fun PoolConfig.checkAdaptive(given: PoolConfig.Builder) {
    val adaptive = adaptiveCapacity ?: return
    for (setting in listOf("maxConnections", "maxConnectsPerSecond")) {
        require(!given.isGiven(setting)) { "$setting is found out by adaptiveCapacity ($adaptive): set one of the two" }
    }
    require(minIdle <= adaptive.minCapacity) { "minIdle ($minIdle) must not exceed minCapacity (${adaptive.minCapacity})" }
}

private fun PoolConfig.checkSizes() {
    require(maxConnections >= 1) { "maxConnections must be at least 1, not $maxConnections" }
    require(minIdle >= 0) { "minIdle must not be negative: $minIdle" }
    require(minIdle <= maxConnections) { "minIdle ($minIdle) must not exceed maxConnections ($maxConnections)" }
    require(maxIdle >= minIdle) { "maxIdle ($maxIdle) must not be below minIdle ($minIdle)" }
    require(maxWaiting >= 0) { "maxWaiting must not be negative: $maxWaiting" }
    require(receiveBuffer >= 1) { "receiveBuffer must be at least 1, not $receiveBuffer" }
    require(maxConcurrentConnects >= 1) { "maxConcurrentConnects must be at least 1, not $maxConcurrentConnects" }
    require(maxConnectsPerSecond > 0) { "maxConnectsPerSecond must be positive, not $maxConnectsPerSecond" }
}

private fun PoolConfig.checkSharing(given: PoolConfig.Builder) {
    require(leasesPerConnection >= 1) { "leasesPerConnection must be at least 1, not $leasesPerConnection" }
    if (correlator == null) {
        require(leasesPerConnection == 1) { "leasesPerConnection ($leasesPerConnection) needs a correlator, which tells whose a reply is" }
        return
    }
    for (setting in listOf("unreadMessages", "fullReceiveBuffer")) {
        require(!given.isGiven(setting)) { "$setting has no meaning with a correlator: what is unread ends with its lease" }
    }
    require(unsolicitedMessages !is UnsolicitedMessages.Keep) {
        "UnsolicitedMessages.Keep has no meaning with a correlator: there is no next user; set Handle or Drop"
    }
    require(hooks.isReusableAfter == null) { "reuseAfterFailure has no meaning with a correlator: no failure ends a shared connection" }
    require(hooks.onReturn == null) { "onReturn has no meaning with a correlator: a lease leaves its connection to the others" }
}

private fun PoolConfig.checkTimes() {
    require(!borrowTimeout.isNegative()) { "borrowTimeout must not be negative: $borrowTimeout" }
    require(connectTimeout.isPositive()) { "connectTimeout must be positive, not $connectTimeout" }
    require(maxIdleTime.isPositive()) { "maxIdleTime must be positive, not $maxIdleTime" }
    require(pingInterval.isPositive()) { "pingInterval must be positive, not $pingInterval" }
    require(pongTimeout.isPositive()) { "pongTimeout must be positive, not $pongTimeout" }
    require(!validateAfterIdle.isNegative()) { "validateAfterIdle must not be negative: $validateAfterIdle" }
    require(validateTimeout.isPositive()) { "validateTimeout must be positive, not $validateTimeout" }
    require(sendTimeout.isPositive()) { "sendTimeout must be positive, not $sendTimeout" }
    require(!closeTimeout.isNegative()) { "closeTimeout must not be negative: $closeTimeout" }
    require(abortTimeout.isPositive()) { "abortTimeout must be positive, not $abortTimeout" }
}

private fun PoolConfig.checkLifetimes() {
    require(maxLifetime.isPositive()) { "maxLifetime must be positive, not $maxLifetime" }
    require(lifetimeJitter in 0.0..1.0) { "lifetimeJitter must be from 0 to 1, not $lifetimeJitter" }
    require(maxUses >= 1) { "maxUses must be at least 1, not $maxUses" }
    require(!minRemainingLifetime.isNegative()) { "minRemainingLifetime must not be negative: $minRemainingLifetime" }
    require(minRemainingLifetime == Duration.ZERO || minRemainingLifetime < shortestLifetime) {
        "minRemainingLifetime ($minRemainingLifetime) must be below the shortest life, $shortestLifetime (maxLifetime, lifetimeJitter)"
    }
}

/** How long a connection lives at the least, as far as the pool decides. */
internal val PoolConfig.shortestLifetime: Duration
    get() = if (maxLifetime.isInfinite()) maxLifetime else maxLifetime * (1 - lifetimeJitter)

private fun PoolConfig.checkOrder(given: PoolConfig.Builder) {
    fun inOrder(first: String, firstTime: Duration, second: String, secondTime: Duration) {
        if (!given.isGiven(first) || !given.isGiven(second) || firstTime.isInfinite()) return
        require(firstTime < secondTime) { "$first ($firstTime) must be below $second ($secondTime), or it never comes to pass" }
    }
    inOrder("pingInterval", pingInterval, "maxLifetime", maxLifetime)
    inOrder("validateAfterIdle", validateAfterIdle, "maxIdleTime", maxIdleTime)
    inOrder("validateAfterIdle", validateAfterIdle, "pingInterval", pingInterval) // whose pong ends the silence
    inOrder("maxIdleTime", maxIdleTime, "maxLifetime", maxLifetime)
    if (minIdle == 0) inOrder("pingInterval", pingInterval, "maxIdleTime", maxIdleTime)
}

/** What cannot change while a pool runs. */
internal fun PoolConfig.requireSameFixed(before: PoolConfig) {
    fun requireSame(name: String, old: Any?, new: Any?) = require(old == new) { "$name cannot be changed while the pool runs" }
    requireSame("name", before.name, name)
    requireSame("leasesPerConnection", before.leasesPerConnection, leasesPerConnection)
    requireSame("correlator", before.correlator, correlator)
    requireSame("network", before.network, network)
    requireSame("parent", before.parent, parent)
    requireSame("dispatcher", before.dispatcher, dispatcher)
    requireSame("timeSource", before.timeSource, timeSource)
    requireSame("random", before.random, random)
    transport.requireSame(before.transport)
}
