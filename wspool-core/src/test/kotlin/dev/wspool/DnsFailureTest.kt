package dev.wspool

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension
import java.net.UnknownHostException
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** What becomes of lookups that fail. */
class DnsFailureTest {
    @JvmField
    @RegisterExtension
    internal val log = ExpectedLog()

    @Test
    fun lookupThatFailsLeavesWhatWasKnown() = runTest {
        log.expect(STAYS)
        val dns = DnsFixture(this)
        dns.until(29.seconds)
        dns.answer = { throw UnknownHostException("prices.example.com") }
        dns.until(149.seconds)
        assertEquals(listOf(at(1)), dns.told)
        assertEquals(5, dns.lookups().size)
        assertEquals(1, log.count(STAYS), "warnings")
        dns.answer = { addresses(1, 2) }
        dns.until(179.seconds)
        assertEquals(listOf(at(1), at(1, 2)), dns.told)
        dns.answer = { emptyList() }
        dns.until(210.seconds)
        assertEquals(2, log.count(STAYS), "warnings")
    }

    @Test
    fun firstLookupIsRepeatedWithLongerAndLongerPauses() = runTest {
        log.expect(UNKNOWN)
        val dns = DnsFixture(this, interval = 60.seconds)
        dns.answer = { throw UnknownHostException("prices.example.com") }
        dns.until(100.seconds)
        assertEquals(listOf(0, 1, 3, 7, 15, 31, 61, 91).map { it.seconds }, dns.lookups())
        assertEquals(emptyList(), dns.told)
        dns.answer = { addresses(1) }
        dns.until(181.seconds)
        assertEquals(listOf(121.seconds, 181.seconds), dns.lookups())
        assertEquals(listOf(at(1)), dns.told)
    }

    @Test
    fun pausesAreNoLongerThanTheInterval() = runTest {
        log.expect(UNKNOWN)
        val dns = DnsFixture(this, interval = 5.seconds, minInterval = 2.seconds)
        dns.answer = { throw UnknownHostException("prices.example.com") }
        dns.until(16.seconds)
        assertEquals(listOf(0, 2, 6, 11, 16).map { it.seconds }, dns.lookups())
    }

    @Test
    fun hostWithoutAddressIsAFailure() = runTest {
        log.expect("$STAYS java.net.UnknownHostException: it has no address")
        val dns = DnsFixture(this)
        dns.until(1.seconds)
        dns.answer = { emptyList() }
        dns.until(31.seconds)
        assertEquals(listOf(at(1)), dns.told)
    }

    @Test
    fun resolverThatDoesNotAnswerIsGivenUp() = runTest {
        log.expect("$UNKNOWN java.net.UnknownHostException: no answer within 30s")
        val dns = DnsFixture(this)
        dns.answer = { awaitCancellation() }
        dns.until(31.seconds)
        assertEquals(listOf(0.seconds, 31.seconds), dns.lookups())
    }

    /** Else its own timeout would end the discovery, in silence. */
    @Test
    fun cancellationOfTheResolversOwnIsAFailure() = runTest {
        log.expect(UNKNOWN)
        val dns = DnsFixture(this)
        dns.answer = { throw CancellationException("mine") }
        dns.until(0.seconds)
        dns.answer = { withTimeout(1.seconds) { addresses(1).also { delay(2.seconds) } } }
        dns.until(2.seconds)
        dns.answer = { addresses(1) }
        dns.until(4.seconds)
        assertEquals(listOf(at(1)), dns.told)
        assertTrue(dns.listening.isActive)
    }

    @Test
    fun secretsOfTheUrlAreNotLogged() = runTest {
        log.expect("$UNKNOWN java.lang.IllegalStateException: ws://prices.example.com/v2 and ***")
        val dns = DnsFixture(this)
        dns.answer = { error("${named.url} and s3cr3t") }
        dns.until(0.seconds)
        assertEquals(0, log.count("s3cr3t"))
    }

    private companion object {
        const val HOST = "ws://prices.example.com/v2: the host"
        const val STAYS = "$HOST cannot be looked up, its last addresses stay:"
        const val UNKNOWN = "$HOST cannot be looked up, it is tried again, as no address is known:"
    }
}
