package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.test.FakeConnector
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import java.io.IOException
import java.net.InetAddress
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** `beforeConnect`: the one provider of where, and with which credentials, to dial. */
@OptIn(ExperimentalCoroutinesApi::class)
class BeforeConnectTest {
    private val connector = echoing()

    @Test
    fun eachDialHasAnUrlOfItsOwn() = runTest {
        var ticket = 0
        val pool = poolOf(connector) { beforeConnect { Endpoint("${it.url}/?ticket=${++ticket}") } }
        repeat(2) { pool.withConnection { invalidate() } }
        assertEquals(listOf("ws://fake/?ticket=1", "ws://fake/?ticket=2"), connector.dials.map { it.endpoint.url })
        pool.assertNothingLeft(connector)
    }

    @Test
    fun whatTheHookMakesAnewForTheSameHostStaysAtItsAddress() = runTest {
        val address = InetAddress.getByName("10.0.0.7")
        val made = ArrayDeque(listOf(Endpoint("ws://fake/?ticket=1"), Endpoint("ws://other"), Endpoint("ws://fake").at(LOOPBACK)))
        val pool = WebSocketPool(connector, Endpoint("ws://fake").at(address)) {
            dispatcher = StandardTestDispatcher(testScheduler)
            beforeConnect { made.removeFirst() }
        }
        repeat(3) { pool.withConnection { invalidate() } }
        assertEquals(listOf(address, null, LOOPBACK), connector.dials.map { it.endpoint.ipAddress })
        pool.close()
        pool.awaitClosed()
    }

    @Test
    fun headersAndSubprotocolsReachTheConnector() = runTest {
        val pool = poolOf(connector) { beforeConnect { Endpoint(it.url, mapOf("Authorization" to "Bearer abcd"), listOf("chat")) } }
        pool.withConnection { }
        assertEquals(Endpoint("ws://fake", mapOf("Authorization" to "Bearer abcd"), listOf("chat")), connector.dials.single().endpoint)
    }

    @Test
    fun aHookThatThrowsIsAFailedDialAndIsAskedAgain() = runTest {
        var calls = 0
        val pool = poolOf(connector) { beforeConnect { if (++calls == 1) error("no token") else it } }
        pool.withConnection { }
        assertEquals(1, pool.stats.connectFailures)
        assertEquals(1, connector.dialCount)
        assertEquals(100, currentTime)
    }

    @Test
    fun aHookThatThrowsIsNamedWithWhatItThrew() = runTest {
        val pool = poolOf(connector) { beforeConnect { error("no token") } }
        val e = assertFailsWith<BorrowTimeoutException> { pool.borrow(50.milliseconds) }
        assertEquals("beforeConnect for ws://fake failed: java.lang.IllegalStateException: no token", e.cause?.message)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aHookThatNeverEndsIsNamedWhenItsTimeIsUp() = runTest {
        val pool = poolOf(connector) {
            connectTimeout = 1.seconds
            beforeConnect { awaitCancellation() }
        }
        val e = assertFailsWith<BorrowTimeoutException> { pool.borrow(1050.milliseconds) }
        assertEquals("beforeConnect for ws://fake was not done within 1s (connectTimeout)", e.cause?.message)
        assertIs<ConnectTimeoutException>(e.cause)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aHooksOwnCancellationIsNotTheCallers() = runTest {
        val pool = poolOf(connector) { beforeConnect { throw CancellationException("its own") } }
        val e = assertFailsWith<BorrowTimeoutException> { pool.borrow(50.milliseconds) }
        assertEquals(
            "beforeConnect for ws://fake failed: java.util.concurrent.CancellationException: its own",
            e.cause?.message,
        )
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aHookMaySayThatTryingAgainIsOfNoUse() = runTest {
        val pool = poolOf(connector) { beforeConnect { throw ConnectFailedException("The account is closed", isPermanent = true) } }
        assertEquals("The account is closed", assertFailsWith<ConnectFailedException> { pool.borrow() }.message)
        assertEquals(0, currentTime)
    }

    @Test
    fun rotatedCredentialsAreAskedForAnewWhereTheHookIsStillAsked() = runTest {
        var calls = 0
        val pool = poolOf(connector) { beforeConnect { if (++calls == 1) awaitCancellation() else Endpoint("ws://fake/$calls") } }
        val caller = async { pool.borrow() }
        runCurrent()
        pool.rotateCredentials()
        caller.await()
        assertEquals("ws://fake/2", connector.dials.single().endpoint.url)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun aPoolClosedInTheHookDialsNoMore() = runTest {
        lateinit var pool: WebSocketPool
        pool = poolOf(connector) {
            beforeConnect {
                pool.close()
                awaitCancellation()
            }
        }
        assertFailsWith<PoolClosedException> { pool.borrow() }
        assertEquals(0, connector.dialCount)
        pool.assertNothingLeft(connector)
    }

    @Test
    fun secretsOfAOneTimeUrlAreShownNowhere() = runTest {
        val connector = FakeConnector(autoConnect = true)
        val url = "ws://bob:passw0rd@fake/?ticket=0netime"
        val texts = ArrayList<String>()
        val pool = poolOf(connector, "ws://fake/?key=p00lkey") {
            beforeConnect { Endpoint(url, mapOf("Authorization" to "Bearer t0ken")) }
            onBackgroundError { texts += "$it" }
        }
        val events = ArrayList<PoolEvent>()
        backgroundScope.launch { pool.events.collect(events::add) }
        runCurrent()
        val quoting = FakeBehavior.Fails { IOException("cannot reach $url with Bearer t0ken nor with p00lkey") }
        connector.connecting = quoting
        texts += assertFailsWith<BorrowTimeoutException> { pool.borrow(50.milliseconds) }.texts
        connector.connecting = FakeBehavior.Works
        val lease = pool.borrow()
        connector.connections.last().sending = quoting
        texts += assertFailsWith<ConnectionLostException> { lease.send("x") }.texts
        connector.connections.last().dies(1008, "0netime is used up", IOException("reset by $url"))
        texts += assertFailsWith<ConnectionLostException> { lease.receive() }.texts
        runCurrent()
        texts += assertFailsWith<ConnectFailedException> { pool.borrow() }.texts
        texts += events.map { "$it" }
        for (secret in listOf("passw0rd", "0netime", "t0ken", "p00lkey")) {
            for (text in texts) assertFalse(secret in text, "\"$secret\" in: $text")
        }
    }

    private companion object {
        val LOOPBACK: InetAddress = InetAddress.getLoopbackAddress()
    }
}
