package dev.wspool.ktor.seeds

import dev.wspool.BorrowTimeoutException
import dev.wspool.ConnectionId
import dev.wspool.DestroyReason
import dev.wspool.Endpoint
import dev.wspool.HandshakeFailedException
import dev.wspool.HookSettings
import dev.wspool.RequestTimeoutException
import dev.wspool.WebSocketPool
import dev.wspool.ktor.ktorServer
import dev.wspool.requestStream
import dev.wspool.test.PeerWire
import dev.wspool.test.Script
import dev.wspool.test.Scripts.refusal
import dev.wspool.withConnection
import io.ktor.http.HttpStatusCode
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.flow.toList
import org.junit.jupiter.api.Test
import java.net.HttpURLConnection
import java.net.URI
import java.util.concurrent.CountDownLatch
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What the README of the avatar SDK's connection-pool example shows and promises, with this pool. */
class AvatarSeedTest {
    /** Names the session, and answers each audio with its frames and an end. */
    private fun avatar(beforeAnswer: PeerWire.(audio: String) -> Unit = {}): Script = {
        open()
        text("session-$number")
        for (audio in texts()) {
            beforeAnswer(audio)
            repeat(FRAMES) { text("$audio, frame $it") }
            text("end")
        }
    }

    private fun HookSettings.session() = onConnect { identify(ConnectionId(receiveText())) }

    /** `SendAudio`, `Collector.wait` and `getFrames`. */
    private suspend fun WebSocketPool.animate(audio: String, timeout: Duration = 30.seconds): List<String> =
        requestStream(audio, timeout, isLast = { it == "end" }).toList().dropLast(1)

    private fun framesOf(audio: String) = List(FRAMES) { "$audio, frame $it" }

    @Test
    fun initializeTellsHowManyAreThereAndWhyOthersAreNot() = scenario(
        { if (number == 3) refusal(503)() else avatar()() },
        { session() },
    ) { pool, _ ->
        val report = pool.warmUp(3)
        assertEquals("2 of 3 ready", report.toString().substringBefore(';'))
        assertEquals(503, assertIs<HandshakeFailedException>(report.failures.single()).status)
        assertEquals(setOf("session-1", "session-2"), pool.report().connections.map { it.id }.toSet())
    }

    @Test
    fun ofFiveRequestsThreeRunAndTwoWaitForThem() {
        val running = CountDownLatch(3)
        val answer = CountDownLatch(1)
        val slow = avatar {
            running.countDown()
            answer.await()
        }
        scenario(slow, { maxConnections = 3; session() }) { pool, _ ->
            val requests = List(5) { async { pool.animate("audio $it") } }
            running.await()
            assertEquals(3, pool.awaitStats { it.waiting == 2 }.leased)
            answer.countDown()
            assertEquals(List(5) { framesOf("audio $it") }, requests.awaitAll())
        }
    }

    @Test
    fun roundsOfRequestsUseTheSameSessionsAgain() = scenario(avatar(), { maxConnections = 3; session() }) { pool, server ->
        assertEquals(3, pool.warmUp(3).ready)
        repeat(10) { round ->
            val results = List(5) { async { pool.animate("round $round, audio $it") } }.awaitAll()
            assertEquals(List(5) { framesOf("round $round, audio $it") }, results)
            assertEquals(3, pool.stats.idle)
        }
        assertEquals(3, server.accepted)
        assertEquals(50, pool.stats.borrows)
        assertEquals(50, pool.report().connections.sumOf { it.uses })
    }

    @Test
    fun aSessionThatHasLivedItsTimeIsReplacedByAnother() = scenario(
        avatar(),
        {
            maxLifetime = 200.milliseconds
            session()
        },
    ) { pool, _ ->
        assertEquals("session-1", pool.withConnection { id.value })
        pool.awaitStats { it.destroyed[DestroyReason.LifetimeReached] == 1L }
        assertNotEquals("session-1", pool.withConnection { id.value })
    }

    @Test
    fun eachSessionIsConfiguredByItselfAndItsKeyIsShownNowhere() {
        val asksBy = avatar {
            val query = request.lineSequence().first().substringAfter('?').substringBefore(' ')
            text("${header("Authorization")} $query")
        }
        for (inQuery in listOf(false, true)) {
            var keys = 0
            val configure: HookSettings.() -> Unit = {
                beforeConnect { endpoint ->
                    val key = "secret${++keys}"
                    if (inQuery) Endpoint("${endpoint.url}?key=$key") else Endpoint("${endpoint.url}?", mapOf("Authorization" to key))
                }
                session()
            }
            scenario(asksBy, configure) { pool, _ ->
                val said = pool.animate("hello").first()
                assertEquals(if (inQuery) "null key=secret1" else "secret1 ", said)
                assertFalse("secret" in "${pool.report()} ${pool.report().toJson()} ${pool.stats} ${pool.endpoint}")
            }
        }
    }

    @Test
    fun anAudioThatIsNotAnsweredInTimeSpoilsNoOther() = scenario(
        avatar { audio -> if (audio == "deaf") awaitEnd() },
        {
            maxConnections = 1
            closeTimeout = 50.milliseconds // the Close is not heard either
            session()
        },
    ) { pool, _ ->
        assertEquals(framesOf("first"), pool.animate("first"))
        assertFailsWith<RequestTimeoutException> { pool.animate("deaf", 100.milliseconds) }
        assertEquals(framesOf("second"), pool.animate("second"))
        assertEquals(2, pool.stats.created)
    }

    @Test
    fun aHandlerThatFindsNoneFreeAnswers503() = scenario(avatar(), { maxConnections = 1; session() }) { pool, _ ->
        assertEquals(1, pool.warmUp(1).ready)
        ktorServer({
            routing {
                get("/generate") {
                    try {
                        call.respondText(pool.withConnection(100.milliseconds) { id.value })
                    } catch (e: BorrowTimeoutException) {
                        call.respondText(e.message!!, status = HttpStatusCode.ServiceUnavailable)
                    }
                }
            }
        }) { server ->
            fun generate() = (URI(server.replace("ws:", "http:") + "/generate").toURL().openConnection() as HttpURLConnection).responseCode
            pool.tryBorrow()!!.use { assertEquals(503, generate()) }
            assertEquals(200, generate())
        }
    }

    private companion object {
        const val FRAMES = 10
    }
}
