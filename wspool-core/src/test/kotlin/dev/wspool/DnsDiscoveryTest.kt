package dev.wspool

import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** When a host is looked up, and what is told of it. */
class DnsDiscoveryTest {
    @Test
    fun hostIsLookedUpAtOnceAndThenAgainAfterEachInterval() = runTest {
        val dns = DnsFixture(this)
        dns.until(60.seconds)
        assertEquals(listOf(0.seconds, 30.seconds, 60.seconds), dns.lookups())
        assertEquals(listOf(at(1)), dns.told)
    }

    @Test
    fun addressesAreToldWhereTheyHaveChangedAndNotWhereTheirOrderHas() = runTest {
        val dns = DnsFixture(this)
        for ((round, answer) in listOf(addresses(1, 2), addresses(2, 1), addresses(1, 2, 2), addresses(3, 1)).withIndex()) {
            dns.answer = { answer }
            dns.until(30.seconds * round)
        }
        assertEquals(listOf(at(1, 2), at(1, 3)), dns.told)
    }

    @Test
    fun intervalBeginsWhereALookupHasEnded() = runTest {
        val dns = DnsFixture(this)
        dns.answer = { addresses(1).also { delay(10.seconds) } }
        dns.until(80.seconds)
        assertEquals(listOf(0.seconds, 40.seconds, 80.seconds), dns.lookups())
    }

    @Test
    fun failureOfAConnectionBringsALookupAtOnceAndTheIntervalBeginsAnew() = runTest {
        val dns = DnsFixture(this)
        dns.until(10.seconds)
        dns.failures.emit(at(1).first())
        dns.until(40.seconds)
        assertEquals(listOf(0.seconds, 10.seconds, 40.seconds), dns.lookups())
    }

    @Test
    fun manyFailuresBringOneLookupInEachMinInterval() = runTest {
        val dns = DnsFixture(this, minInterval = 2.seconds)
        repeat(50) {
            dns.until(100.milliseconds * it)
            dns.failures.emit(at(1).first())
        }
        dns.until(20.seconds)
        assertEquals(listOf(0.seconds, 2.seconds, 4.seconds, 6.seconds), dns.lookups())
    }

    /** Its answer may be from before. */
    @Test
    fun failureDuringALookupBringsAnother() = runTest {
        val dns = DnsFixture(this)
        dns.until(20.seconds)
        dns.answer = { addresses(2).also { delay(5.seconds) } }
        dns.failures.emit(at(1).first())
        dns.until(22.seconds)
        dns.failures.emit(at(1).first())
        dns.until(30.seconds)
        assertEquals(listOf(0.seconds, 20.seconds, 26.seconds), dns.lookups())
    }

    @Test
    fun failuresOfOtherHostsBringNone() = runTest {
        val dns = DnsFixture(this)
        dns.until(10.seconds)
        dns.failures.emit(Endpoint("ws://other.example.com/v2"))
        dns.until(29.seconds)
        assertEquals(listOf(0.seconds), dns.lookups())
        dns.failures.emit(Endpoint("ws://PRICES.example.com/v3"))
        dns.until(29.seconds)
        assertEquals(listOf(29.seconds), dns.lookups())
    }

    @Test
    fun withoutAnIntervalOnlyFailuresBringLookups() = runTest {
        val dns = DnsFixture(this, interval = Duration.INFINITE)
        dns.until(100_000.seconds)
        dns.failures.emit(at(1).first())
        dns.until(200_000.seconds)
        assertEquals(listOf(0.seconds, 100_000.seconds), dns.lookups())
    }

    @Test
    fun whereThereAreNoFailuresToHearOfTheIntervalRemains() = runTest {
        val dns = DnsFixture(this)
        val sets = dns.discovery.endpoints(emptyFlow()).onEach { dns.answer = { addresses(2) } }.take(2).toList()
        assertEquals(listOf(at(1), at(2)), sets)
    }

    @Test
    fun whoCollectsNoMoreIsLookedUpForNoMore() = runTest {
        val dns = DnsFixture(this)
        assertEquals(at(1), dns.discovery.endpoints(dns.failures).first())
        dns.until(0.seconds)
        assertEquals(1, dns.failures.subscriptionCount.value)
        var isCancelled = false
        dns.answer = { addresses(1).also { runCatching { delay(5.seconds) }.onFailure { isCancelled = true } } }
        dns.until(31.seconds)
        dns.listening.cancel()
        dns.until(31.seconds)
        assertEquals(true, isCancelled)
        assertEquals(0, dns.failures.subscriptionCount.value)
    }

    @Test
    fun addressIsNotLookedUp() = runTest {
        for (url in listOf("ws://10.0.0.7:8080/", "wss://[::1]/v2")) {
            val endpoint = Endpoint(url)
            val dns = DnsDiscovery(endpoint) { error("$it was looked up") }
            assertEquals(listOf(setOf(endpoint)), dns.endpoints(emptyFlow()).toList())
        }
    }

    @Test
    fun whatMakesNoSenseIsRefused() {
        fun refusal(endpoint: Endpoint = named, interval: Duration = 30.seconds, minInterval: Duration = 1.seconds) =
            assertFailsWith<IllegalArgumentException> { DnsDiscovery(endpoint, interval, minInterval) }.message
        assertEquals("endpoint is at an address already: ws://prices.example.com/v2 at 10.0.0.1", refusal(at(1).first()))
        assertEquals("minInterval must be positive and finite, not 0s", refusal(minInterval = Duration.ZERO))
        assertEquals("minInterval must be positive and finite, not Infinity", refusal(minInterval = Duration.INFINITE))
        assertEquals("interval (1s) must not be below minInterval (2s)", refusal(interval = 1.seconds, minInterval = 2.seconds))
        assertEquals("the addresses of ws://prices.example.com/v2, looked up every 30s", "${DnsDiscovery(named)}")
    }
}
