package dev.wspool.test

import dev.wspool.ConnectFailedException
import dev.wspool.ConnectRefusedException
import dev.wspool.Endpoint
import dev.wspool.HandshakeFailedException
import dev.wspool.transport.Connection
import dev.wspool.transport.Connector
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import java.net.InetAddress
import java.net.ServerSocket
import kotlin.coroutines.CoroutineContext
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** The part of [ConnectorContract] that opens connections, and what all parts play with. Inherit that, not this. */
abstract class ConnectContract internal constructor() {
    /** A new connector; the contract closes it. It may be asked for one connection only, or for several at once. */
    protected abstract fun connector(): Connector

    /** A new server; the contract closes it. */
    protected open fun peer(): ContractPeer = ScriptedPeer()

    @Test
    fun connectTellsWhatTheServerAnswered() = rule {
        val link = open(headers = mapOf("X-Served-By" to "contract"))
        assertEquals("contract", link.connection.handshake.header("x-served-by"))
        assertNull(link.connection.handshake.subprotocol)
        assertTrue(link.peer.request.startsWith("GET /contract HTTP/1.1"), link.peer.request)
    }

    @Test
    fun theQueryReachesTheServer() = rule {
        val link = open(url = peer.url + "?symbol=A%20B&depth=2")
        assertTrue(link.peer.request.startsWith("GET /contract?symbol=A%20B&depth=2 HTTP/1.1"), link.peer.request)
    }

    /** One that did not look at the address would not find the host. */
    @Test
    fun anAddressIsConnectedToUnderTheHostsNameOrRefusedForGood() = rule {
        val host = Endpoint(peer.url).host
        val there = Endpoint(peer.url.replaceFirst(host, "nowhere.invalid")).at(InetAddress.getByName(host))
        coroutineScope {
            val accepting = async { peer.accept() }
            val failure = runCatching { connect(there) }.exceptionOrNull()
            if (failure == null) {
                assertTrue("nowhere.invalid" in accepting.await().request, accepting.await().request)
            } else {
                accepting.cancel()
                assertTrue(assertIs<ConnectFailedException>(failure).isPermanent, failure.stackTraceToString())
            }
        }
    }

    @Test
    fun aPortWhereNobodyListensRefuses() = rule {
        val port = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { it.localPort }
        val failure = failureOf { connect("ws://ann:${ContractStage.PASSWORD}@127.0.0.1:$port/?token=${ContractStage.TOKEN}") }
        assertIs<ConnectRefusedException>(failure)
        assertFalse(failure.isPermanent, "A server that is down may come up again")
    }

    @Test
    fun anAnswerThatIsNoUpgradeIsToldWithStatusAndRetryAfter() = rule {
        for (status in listOf(401, 429, 503)) {
            coroutineScope {
                val failure = async { failureOf { connect(secretUrl) } }
                val headers = mapOf("Retry-After" to "7", "WWW-Authenticate" to "Basic realm=\"${ContractStage.TOKEN}\"")
                peer.acceptAndRefuse(status, headers, "no, ${ContractStage.TOKEN}")
                val refusal = assertIs<HandshakeFailedException>(failure.await())
                assertEquals(status, refusal.status)
                assertEquals("7", refusal.retryAfter)
                assertEquals(status == 401, refusal.isPermanent)
            }
        }
    }

    @Test
    fun aServerThatHangsUpInsteadOfAnsweringFailsTheConnect() = rule {
        coroutineScope {
            val failure = async { failureOf { connect(secretUrl) } }
            peer.acceptSilently().finish()
            failure.await()
        }
    }

    @Test
    fun aConnectThatIsCancelledBeforeTheAnswerLeavesNoSocket() = rule {
        coroutineScope {
            val connecting = launch { connect() }
            val link = peer.acceptSilently()
            connecting.cancelAndJoin()
            assertNull(link.receive(), "The socket is still open")
        }
    }

    @Test
    fun aConnectThatIsCancelledWhileTheAnswerArrivesReturnsOrLeavesNoSocket() = rule {
        repeat(CANCELLED_CONNECTS) { round ->
            coroutineScope {
                var connection: Connection? = null
                val connecting = launch { connection = connect() }
                val link = peer.accept()
                repeat(round * round) { Thread.onSpinWait() }
                connecting.cancelAndJoin()
                connection?.abort()
                link.awaitEnd()
            }
        }
    }

    @Test
    fun aConnectThatIsCancelledAtAnyOfItsStepsReturnsOrLeavesNoSocket() = rule {
        var step = 0
        do {
            val tasks = Channel<Runnable>(Channel.UNLIMITED) // what the dispatcher of the caller has to run: its steps
            val byHand = object : CoroutineDispatcher() {
                override fun dispatch(context: CoroutineContext, block: Runnable) {
                    tasks.trySend(block)
                }
            }
            var steps = 0
            peer().use { server ->
                coroutineScope {
                    var connection: Connection? = null
                    val serving = launch { server.awaitEndOfAllBefore("?next") }
                    val connecting = launch(byHand) { connection = connect(server.url) }
                    connecting.invokeOnCompletion { tasks.close() }
                    for (task in tasks) {
                        if (steps++ == step) connecting.cancel()
                        task.run()
                    }
                    connection?.abort()
                    connect(server.url + "?next").abort()
                    serving.join()
                }
            }
            val isCancelled = steps > step
            step++
        } while (isCancelled)
    }

    internal fun rule(play: suspend ContractStage.() -> Unit): Unit = runBlocking(Dispatchers.Default) {
        peer().use { peer ->
            val stage = ContractStage(connector(), peer)
            try {
                withTimeout(SAFETY_NET) { stage.play() }
            } finally {
                withContext(NonCancellable) { withTimeout(SAFETY_NET) { stage.end() } }
            }
        }
    }

    private companion object {
        const val CANCELLED_CONNECTS = 60
        val SAFETY_NET = 60.seconds
    }
}
