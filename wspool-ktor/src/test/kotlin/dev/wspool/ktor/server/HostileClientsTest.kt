package dev.wspool.ktor.server

import dev.wspool.AcceptedPool
import dev.wspool.AffinityKey
import dev.wspool.Backoff
import dev.wspool.BorrowTimeoutException
import dev.wspool.Message
import dev.wspool.SendTimeoutException
import dev.wspool.WebSocketPool
import dev.wspool.broadcast
import dev.wspool.ktor.server.accept.Knock
import dev.wspool.ktor.server.accept.Knock.Companion.HANDSHAKE
import dev.wspool.ktor.server.accept.accepting
import dev.wspool.withConnection
import kotlinx.coroutines.awaitCancellation
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Clients that mean no good, or know no better: refused, or contained while honest ones are served. */
class HostileClientsTest {
    private fun knock(url: String, vararg headers: String, from: String = "127.0.0.1") = Knock(url, *HANDSHAKE, *headers, from = from)

    private fun statusOf(url: String, vararg headers: String, from: String = "127.0.0.1") =
        knock(url, *headers, from = from).use { it.status }

    @Test
    fun whoIsOutsideTheListIsRefusedWhateverHeSays() = accepting(gate = { allowAddresses("10.0.0.0/8", "127.0.0.2") }) { pool, url ->
        val claims = listOf("X-Forwarded-For: 10.0.0.1", "Forwarded: for=10.0.0.1", "X-Real-IP: 10.0.0.1", "X-Forwarded-For: 127.0.0.2")
        for (claim in claims) assertEquals(403, statusOf(url, claim))
        assertEquals(0, pool.stats.created + pool.stats.connectFailures)
        assertEquals(101, statusOf(url, from = "127.0.0.2"))
    }

    @Test
    fun aPageOfAnotherOriginIsRefused() = accepting(gate = { allowOrigins("https://app.example.com") }) { pool, url ->
        val own = url.replace("ws://", "http://").substringBefore("/pool")
        val wrong = listOf(
            "https://evil.example.com", "null", "http://app.example.com", "https://app.example.com.evil.com", "https://app.example.com:444",
            own.replace("http:", "https:"), "file://", "https://app.example.com@evil.com", "",
        )
        for (origin in wrong) assertEquals(403, statusOf(url, "Origin: $origin"), origin)
        assertEquals(0, pool.stats.created + pool.stats.connectFailures)
        val right = listOf("https://app.example.com", "https://APP.example.com:443", own)
        for (origin in right) assertEquals(101, statusOf(url, "Origin: $origin"), origin)
    }

    @Test
    fun whoDribblesHisRequestTakesNoPlace() = accepting(configure = { maxConnections = 1 }) { pool, url ->
        val slow = List(50) { Knock.silent(url).also { it.write("GET /pool HTTP/1.1\r\nHost: loc") } }
        assertEquals(0, pool.stats.total)
        knock(url).use { honest ->
            assertEquals(101, honest.status)
            pool.withConnection(30.seconds) { send("served") }
            assertEquals("served", honest.text())
        }
        slow.forEach { it.close() }
    }

    @Test
    fun whoDoesNotAnswerTheGreetingLosesHisPlace() = accepting(
        configure = {
            maxConnections = 1
            connectTimeout = 300.milliseconds
            onConnect { assertEquals("password", receiveText()) }
        },
    ) { pool, url ->
        knock(url).use { mute ->
            assertEquals(101, mute.status)
            mute.awaitEnd()
        }
        while (pool.stats.total > 0) Thread.yield()
        knock(url).use { honest ->
            assertEquals(101, honest.status)
            honest.send("password")
            pool.withConnection(30.seconds) { assertTrue(!isReused) }
        }
    }

    @Test
    fun aFloodOfOneAddressLeavesRoomForOthers() = accepting(
        gate = { maxPerAddress = 3 },
        configure = { maxConnections = 4 },
    ) { pool, url ->
        val flood = List(100) { knock(url) }
        assertEquals(mapOf(101 to 3, 429 to 97), flood.groupingBy { it.status }.eachCount())
        assertNotNull(flood.first { it.status == 429 }.header("Retry-After"))
        knock(url, from = "127.0.0.2").use { honest ->
            assertEquals(101, honest.status)
            assertEquals(4, pool.warmUp(4).ready)
        }
        flood.forEach { it.close() }
        pool.awaitEmpty()
        assertEquals(101, statusOf(url)) // what the flood had taken is given back
    }

    @Test
    fun anOwnerHasHisQuota() = accepting(
        gate = {
            maxPerOwner = 2
            authenticate { call -> AffinityKey(call.request.headers["X-User"] ?: refuse()) }
        },
    ) { pool, url ->
        val ann = List(3) { knock(url, "X-User: ann") }
        assertEquals(listOf(101, 101, 429), ann.map { it.status }.sorted())
        assertEquals(listOf(101, 401), listOf(statusOf(url, "X-User: bob"), statusOf(url)))
        ann.forEach { it.close() }
        pool.awaitEmpty()
        assertEquals(101, statusOf(url, "X-User: ann"))
    }

    @Test
    fun moreThanTheRateAllowsAreToldToComeLater() = accepting(gate = { maxAcceptsPerSecond = 0.001 }) { _, url ->
        assertEquals(listOf(101, 429, 429), List(3) { statusOf(url) })
    }

    @Test
    fun whoMakesTheAuthenticationHangTakesNoPlace() = accepting(
        gate = { authenticate { call -> if (call.request.headers["X-Slow"] != null) awaitCancellation() else null } },
        configure = {
            maxConnections = 1
            connectTimeout = 500.milliseconds
        },
    ) { pool, url ->
        val slow = List(5) { knock(url, "X-Slow: yes") }
        knock(url).use { honest ->
            assertEquals(101, honest.status)
            pool.withConnection(30.seconds) { send("served") }
        }
        assertEquals(List(5) { 503 }, slow.map { it.status })
    }

    @Test
    fun whoNeverReadsHoldsUpNobodyButWhoSendsToHim() = accepting(configure = { sendTimeout = 1.seconds }) { pool, url ->
        val deaf = knock(url)
        assertEquals(101, deaf.status)
        val toDeaf = pool.borrow(30.seconds)
        knock(url).use { honest ->
            assertEquals(101, honest.status)
            assertEquals(2, pool.warmUp(2).ready)
            val large = Message.Binary(ByteArray(1 shl 20))
            assertFailsWith<SendTimeoutException> { repeat(100) { toDeaf.send(large) } }
            assertEquals(1, pool.broadcast("news") { it.id != toDeaf.id }.sent)
            assertEquals("news", honest.text())
            pool.withConnection(30.seconds) { send("served") }
            assertEquals("served", honest.text())
        }
        toDeaf.release()
        deaf.close()
    }

    @Test
    fun whoLeavesInTheMiddleOfHisUpgradeLeavesNothing() = accepting(configure = { maxConnections = 3 }) { pool, url ->
        repeat(100) { knock(url).close() }
        val honest = WebSocketPool(url) {
            minIdle = 3
            backoff = Backoff(10.milliseconds, 100.milliseconds)
        }
        honest.use {
            it.awaitReady() // which comes again where it is refused, as some of the others may still be on their way
            pool.warmUp(3)
        }
        pool.awaitEmpty()
        assertFailsWith<BorrowTimeoutException> { pool.borrow(0.seconds) }
    }

    /** Until nothing is left of those who have gone. */
    private fun AcceptedPool.awaitEmpty() {
        while (stats.total > 0) Thread.sleep(1)
    }
}
