package dev.wspool.ktor.server.accept

import dev.wspool.ktor.server.AcceptSettings
import dev.wspool.ktor.server.accept.Knock.Companion.HANDSHAKE
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.plugins.forwardedheaders.ForwardedHeaders
import io.ktor.server.plugins.forwardedheaders.XForwardedHeaders
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals

/** Clients that come through a proxy, which adds the address that it sees to what the client says. */
class BehindProxyTest {
    private fun behindProxy(
        gate: AcceptSettings.() -> Unit,
        module: Application.() -> Unit = { install(XForwardedHeaders) { useLastProxy() } },
        test: (statusOf: (Array<out String>) -> Int) -> Unit,
    ) {
        val clients = ArrayList<Knock>()
        accepting(gate, module, { maxConnections = 100 }) { _, url ->
            test { headers -> Knock(url, *HANDSHAKE, *headers).also(clients::add).status }
            clients.forEach(Knock::close)
        }
    }

    @Test
    fun theListIsOfWhomTheProxySees() = behindProxy({ allowAddresses("10.0.0.0/8", "2001:db8::/32") }) { statusOf ->
        for (inside in listOf("10.1.2.3", "2001:db8::1", "::ffff:10.1.2.3", "8.8.8.8, 10.1.2.3")) {
            assertEquals(101, statusOf(arrayOf("X-Forwarded-For: $inside")), inside)
        }
        for (outside in listOf("8.8.8.8", "10.1.2.3, 8.8.8.8", "2001:db9::1", "::ffff:8.8.8.8", "10.1.2.3, 2001:db9::1")) {
            assertEquals(403, statusOf(arrayOf("X-Forwarded-For: $outside")), outside)
        }
        assertEquals(400, statusOf(arrayOf("X-Forwarded-For: 10.1.2.3", "X-Forwarded-For: 8.8.8.8"))) // Ktor reads the first line
        assertEquals(403, statusOf(emptyArray()))
    }

    @Test
    fun anAddressThatComesWithItsPortIsThatAddress() = behindProxy({ allowAddresses("10.0.0.0/8", "2001:db8::/32") }) { statusOf ->
        for (inside in listOf("10.1.2.3:4711", "[2001:db8::1]:4711", "[2001:db8::1]")) {
            assertEquals(101, statusOf(arrayOf("X-Forwarded-For: $inside")), inside)
        }
        assertEquals(403, statusOf(arrayOf("X-Forwarded-For: 8.8.8.8:10")))
    }

    @Test
    fun aQuotaIsOfTheAddressHoweverItIsWritten() = behindProxy({ maxPerAddress = 1 }) { statusOf ->
        fun statusFor(address: String) = statusOf(arrayOf("X-Forwarded-For: $address"))
        assertEquals(listOf(101, 429, 429, 429), listOf("8.8.8.8", "8.8.8.8", "::ffff:8.8.8.8", "8.8.8.8:4711").map(::statusFor))
        assertEquals(listOf(101, 101), listOf("8.8.4.4", "2001:db8::1").map(::statusFor))
        assertEquals(429, statusFor("2001:db8:0::0:1"))
        assertEquals(429, statusFor("2001:DB8::2")) // a client has 2^64 of these
        assertEquals(101, statusFor("2001:db8:0:1::1"))
    }

    @Test
    fun theStandardsHeaderIsReadToo() = behindProxy(
        { allowAddresses("10.0.0.0/8", "2001:db8::/32") },
        { install(ForwardedHeaders) { useLastValue() } },
    ) { statusOf ->
        for (inside in listOf("for=10.1.2.3", "for=\"10.1.2.3:80\"", "for=\"[2001:db8::1]:4711\"", "for=8.8.8.8, for=10.1.2.3")) {
            assertEquals(101, statusOf(arrayOf("Forwarded: $inside")), inside)
        }
        for (outside in listOf("for=8.8.8.8", "for=10.1.2.3, for=8.8.8.8", "for=unknown", "for=_hidden")) {
            assertEquals(403, statusOf(arrayOf("Forwarded: $outside")), outside)
        }
    }

    @Test
    fun aPageOfTheServerThatTheProxyShowsIsItsOwn() = behindProxy({}) { statusOf ->
        val proxied = arrayOf("X-Forwarded-Proto: https", "X-Forwarded-Host: app.example.com")
        assertEquals(101, statusOf(arrayOf("Origin: https://app.example.com", *proxied)))
        for (other in listOf("http://app.example.com", "https://evil.example.com", "https://app.example.com:444")) {
            assertEquals(403, statusOf(arrayOf("Origin: $other", *proxied)), other)
        }
    }

    @Test
    fun whoHasAllThatHeMayHaveDoesNotSpendTheRateOfOthers() = accepting(
        gate = {
            maxPerAddress = 1
            maxAcceptsPerSecond = 2.0
        },
    ) { _, url ->
        val flood = List(20) { Knock(url, *HANDSHAKE) }
        assertEquals(mapOf(101 to 1, 429 to 19), flood.groupingBy { it.status }.eachCount())
        Knock(url, *HANDSHAKE, from = "127.0.0.2").use { assertEquals(101, it.status) }
        flood.forEach { it.close() }
    }
}
