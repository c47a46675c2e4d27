package dev.wspool.ktor.server.accept

import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull

/** Blocks of addresses as people write them. */
class AddressBlockTest {
    private fun isIn(address: String, block: String): Boolean = parseAddress(address)!! in AddressBlock.parse(block)

    @Test
    fun aBlockHoldsWhatBeginsAsItDoes() {
        val inside = listOf(
            "10.0.0.1" to "10.0.0.0/8",
            "10.255.255.255" to "10.0.0.0/8",
            "192.168.1.130" to "192.168.1.128/25",
            "1.2.3.4" to "0.0.0.0/0",
            "1.2.3.4" to "1.2.3.4",
            "::1" to "::1/128",
            "2001:db8::ffff" to "2001:db8::/32",
            "2001:db8:8000::1" to "2001:0db8:8000::/33",
            "fe80::1%eth0" to "fe80::/10",
        )
        val outside = listOf(
            "11.0.0.1" to "10.0.0.0/8",
            "192.168.1.127" to "192.168.1.128/25",
            "1.2.3.5" to "1.2.3.4/32",
            "::1" to "0.0.0.0/0",
            "127.0.0.1" to "::/0",
            "2001:db9::1" to "2001:db8::/32",
            "2001:db8::1" to "2001:db8:8000::/33",
        )
        assertEquals(emptyList(), inside.filterNot { (address, block) -> isIn(address, block) })
        assertEquals(emptyList(), outside.filter { (address, block) -> isIn(address, block) })
    }

    @Test
    fun aMappedAddressIsTheOneThatItMaps() {
        assertEquals(listOf(true, true, false), listOf("::ffff:10.1.2.3", "::ffff:a01:203", "::10.1.2.3").map { isIn(it, "10.0.0.0/8") })
        assertEquals(true, isIn("10.1.2.3", "10.0.0.0/8"))
        assertEquals(true, isIn("10.1.2.3", "::ffff:10.1.2.3"))
    }

    @Test
    fun whatIsNoAddressIsNeverLookedUp() {
        val ipv4 = listOf("localhost", "1.2.3", "1.2.3.256", "1.2.3.4.5", "")
        val ipv6 = listOf(":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "+1::", "1:2:3:4:5:6:7:8::")
        val wrong = ipv4 + ipv6 + listOf("::1.2.3", "1.2.3.4::")
        for (text in wrong) assertNull(parseAddress(text), text)
    }

    @Test
    fun whatIsNoBlockIsRefusedByName() {
        val texts = listOf("10.0.0.0/33", "10.0.0.0/-1", "::/129", "10.0.0.0/", "10.0.0.0/x").associateWith {
            assertFailsWith<IllegalArgumentException> { AddressBlock.parse(it) }.message
        }
        assertEquals("\"10.0.0.0/33\" has a prefix that is not from 0 to 32", texts["10.0.0.0/33"])
        val name = assertFailsWith<IllegalArgumentException> { AddressBlock.parse("localhost/8") }
        assertEquals("\"localhost/8\" is no address and no CIDR block", name.message)
    }
}
