package dev.wspool

import dev.wspool.transport.redact
import org.junit.jupiter.api.Test
import java.net.InetAddress
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** What an endpoint is, and that neither it nor its errors show a secret. */
class EndpointTest {
    @Test
    fun whatCannotBeSentIsRefusedWithoutItsValue() {
        fun refusalOf(headers: Map<String, String> = emptyMap(), subprotocols: List<String> = emptyList()) =
            assertFailsWith<IllegalArgumentException> { Endpoint("ws://localhost", headers, subprotocols) }.message
        assertEquals("the header Authorization has a value with a control character", refusalOf(mapOf("Authorization" to "s3cret\n")))
        assertEquals("a header is called \"a b\", which is no name of one (RFC 9110, 5.1)", refusalOf(mapOf("a b" to "c")))
        assertEquals("a subprotocol must be a token (RFC 6455, 4.1): [a b]", refusalOf(subprotocols = listOf("a b")))
        Endpoint("ws://localhost", mapOf("X-Name" to "Zoë\tand friends"), listOf("graphql-transport-ws", "v1.json"))
    }

    @Test
    fun anEndpointIsTakenApart() {
        val plain = Endpoint("ws://localhost:8080/chat?room=1")
        assertEquals("localhost", plain.host)
        assertEquals(8080, plain.port)
        assertFalse(plain.isSecure)
        val secure = Endpoint("WSS://example.com")
        assertEquals(443, secure.port)
        assertTrue(secure.isSecure)
        assertEquals(80, Endpoint("ws://example.com/").port)
        assertEquals("::1", Endpoint("ws://[::1]:9000/").host)
    }

    @Test
    fun aHostMayHaveAnUnderscore() {
        val endpoint = Endpoint("ws://ann:hunter2@my_service:8080/chat?token=s3cr3t")
        assertEquals("my_service", endpoint.host)
        assertEquals(8080, endpoint.port)
        assertEquals("ws://my_service:8080/chat", endpoint.address)
        assertEquals("ws://my_service/ and ***", endpoint.redact("ws://my_service/ and hunter2"))
        assertEquals(80, Endpoint("ws://a_b").port)
        refused("url has a port that is none: 70000", "ws://a_b:70000/")
        refused("url names no host: ws://", "ws://a_b:port")
    }

    @Test
    fun itsTextLeavesOutWhatMayBeSecret() {
        val endpoint = Endpoint("wss://ann:hunter2@example.com:9443/v2/prices?token=s3cr3t#t0psecret")
        assertEquals("wss://example.com:9443/v2/prices", endpoint.toString())
        assertEquals("wss://example.com:9443/v2/prices", endpoint.address)
        assertEquals("ws://[::1]:9000/x", Endpoint("ws://u:p@[::1]:9000/x?y=z").address)
    }

    @Test
    fun endpointsAreEqualWhereTheirUrlsAre() {
        assertEquals(Endpoint("ws://a/?x=1"), Endpoint("ws://a/?x=1"))
        assertEquals(Endpoint("ws://a/?x=1").hashCode(), Endpoint("ws://a/?x=1").hashCode())
        assertNotEquals(Endpoint("ws://a/?x=1"), Endpoint("ws://a/?x=2"))
        assertFalse(Endpoint("ws://a/").equals("ws://a/"))
    }

    @Test
    fun anAddressIsPartOfAnEndpointAndOfItsText() {
        val named = Endpoint("wss://ann:hunter2@prices.example.com/v2?token=s3cr3t", mapOf("X-A" to "s3cr3t-too"), listOf("v2"))
        val there = named.at(InetAddress.getByName("10.0.0.7"))
        assertNull(named.ipAddress)
        assertEquals(InetAddress.getByName("10.0.0.7"), there.ipAddress)
        assertEquals("wss://prices.example.com/v2", there.address)
        assertEquals("wss://prices.example.com/v2 at 10.0.0.7", "$there")
        assertEquals("ws://a/ at 0:0:0:0:0:0:0:1", "${Endpoint("ws://a/").at(InetAddress.getByName("::1"))}")
        assertEquals(listOf(named.url, named.headers, named.subprotocols), listOf(there.url, there.headers, there.subprotocols))
        assertEquals("prices.example.com", there.host)
        assertEquals("***", there.redact("s3cr3t-too"))
    }

    /** A name that an address was found by is no part of it. */
    @Test
    fun endpointsAreEqualWhereTheirAddressesAre() {
        val named = Endpoint("ws://a/")
        val there = named.at(InetAddress.getByAddress(byteArrayOf(10, 0, 0, 7)))
        val same = named.at(InetAddress.getByAddress("a", byteArrayOf(10, 0, 0, 7)))
        assertEquals(there, same)
        assertEquals(there.hashCode(), same.hashCode())
        assertEquals("$there", "$same")
        assertNotEquals(named, there)
        assertNotEquals(there, named.at(InetAddress.getByAddress(byteArrayOf(10, 0, 0, 8))))
        assertEquals(there, named.at(InetAddress.getByName("10.0.0.8")).at(there.ipAddress!!))
    }

    @Test
    fun whatIsNoWebSocketUrlIsRefusedWithoutBeingQuoted() {
        refused("url is not a valid URL (it is not shown, as it may hold secrets)", "ws://ann:hunter2@exa mple.com/?token=s3cr3t")
        refused("url must begin with ws:// or wss://, not https:", "https://ann:hunter2@example.com/?token=s3cr3t")
        refused("url must begin with ws:// or wss://, not without a scheme", "/relative?token=s3cr3t")
        refused("url names no host: ws:///path", "ws:///path?token=s3cr3t")
        refused("url has a port that is none: 70000", "ws://example.com:70000/?token=s3cr3t")
    }

    private fun refused(text: String, url: String) {
        val e = assertFailsWith<IllegalArgumentException> { Endpoint(url) }
        assertEquals(text, e.message)
        for (secret in listOf("hunter2", "s3cr3t")) assertFalse(secret in e.texts, e.texts)
    }
}
