package dev.wspool

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import java.net.InetAddress
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

internal val named = Endpoint("ws://prices.example.com/v2?token=s3cr3t")

/** 10.0.0.[last], for each. */
internal fun addresses(vararg last: Int): List<InetAddress> = last.map { InetAddress.getByAddress(byteArrayOf(10, 0, 0, it.toByte())) }

/** The endpoint at 10.0.0.[last], for each. */
internal fun at(vararg last: Int): Set<Endpoint> = addresses(*last).mapTo(HashSet(), named::at)

/** A name server that a test plays, in virtual time, and one group that listens to what a discovery makes of it. */
@OptIn(ExperimentalCoroutinesApi::class)
internal class DnsFixture(private val test: TestScope, interval: Duration = 30.seconds, minInterval: Duration = 1.seconds) {
    /** What is known of the host; it may take its time, or throw. */
    var answer: suspend () -> Collection<InetAddress> = { addresses(1) }

    val failures = MutableSharedFlow<Endpoint>()
    val told = CopyOnWriteArrayList<Set<Endpoint>>()

    private val lookups = ArrayList<Long>()

    val discovery = DnsDiscovery(named, interval, minInterval) { host ->
        check(host == "prices.example.com") { host }
        lookups += test.currentTime
        answer()
    }

    val listening = test.backgroundScope.launch { discovery.endpoints(failures).collect { told += it } }

    /** When a lookup was begun, since this was last asked. */
    fun lookups(): List<Duration> = lookups.map { it.milliseconds }.also { lookups.clear() }

    /** Goes on until [time] from the beginning, and through all that happens then. */
    fun until(time: Duration) {
        test.advanceTimeBy(time - test.currentTime.milliseconds)
        test.runCurrent()
    }
}
