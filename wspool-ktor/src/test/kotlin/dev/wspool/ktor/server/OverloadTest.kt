package dev.wspool.ktor.server

import dev.wspool.BorrowTimeoutException
import dev.wspool.Endpoint
import dev.wspool.test.FakeConnector
import dev.wspool.withConnection
import io.ktor.client.request.get
import io.ktor.client.statement.HttpResponse
import io.ktor.client.statement.bodyAsText
import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.plugins.statuspages.StatusPages
import io.ktor.server.response.respondText
import io.ktor.server.response.respondTextWriter
import io.ktor.server.routing.get
import io.ktor.server.routing.routing
import io.ktor.server.testing.testApplication
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** How a request is answered for which there is no connection. */
class OverloadTest {
    private val silent = FakeConnector()
    private val endpoint = Endpoint("ws://user:s3cret@prices/v2?token=t0ken")

    @Test
    fun whoFindsNoConnectionInTimeIsToldToTryAgain() = testApplication {
        application {
            install(WebSocketPools) {
                retryAfter = 1500.milliseconds
                pool("prices", silent, endpoint) { borrowTimeout = Duration.ZERO }
            }
            prices()
        }
        assertUnavailable(client.get("/price/EURUSD"), retryAfter = 2)
    }

    @Test
    fun whoIsOneTooManyIsToldToTryAgain() = testApplication {
        application {
            install(WebSocketPools) { pool("prices", silent, endpoint) { maxWaiting = 0 } }
            prices()
        }
        assertUnavailable(client.get("/price/EURUSD"), retryAfter = 1)
    }

    @Test
    fun statusPagesThatCatchAllLeaveThe503WhicheverComesFirst() {
        for (isFirst in listOf(true, false)) {
            testApplication {
                application {
                    if (isFirst) catchAll()
                    install(WebSocketPools) { pool("prices", silent, endpoint) { borrowTimeout = Duration.ZERO } }
                    if (!isFirst) catchAll()
                    prices()
                    routing { get("/bug") { error("a bug") } }
                }
                assertUnavailable(client.get("/price/EURUSD"), retryAfter = 1)
                assertEquals("IllegalStateException", client.get("/bug").bodyAsText())
            }
        }
    }

    @Test
    fun anotherAnswerMayBeGiven() = testApplication {
        application {
            install(WebSocketPools) {
                onUnavailable { call, failure -> call.respondText("${failure::class.simpleName}", status = HttpStatusCode.BadGateway) }
                pool("prices", silent, endpoint) { borrowTimeout = Duration.ZERO }
            }
            prices()
        }
        val answer = client.get("/price/EURUSD")
        assertEquals(HttpStatusCode.BadGateway, answer.status)
        assertEquals("BorrowTimeoutException", answer.bodyAsText())
    }

    @Test
    fun noAnswerLeavesItToStatusPages() = testApplication {
        application {
            catchAll()
            install(WebSocketPools) {
                onUnavailable(null)
                pool("prices", silent, endpoint) { borrowTimeout = Duration.ZERO }
            }
            prices()
        }
        val answer = client.get("/price/EURUSD")
        assertEquals(HttpStatusCode.InternalServerError, answer.status)
        assertEquals("BorrowTimeoutException", answer.bodyAsText())
    }

    @Test
    fun anAnswerThatHasBegunIsNotReplaced() = testApplication {
        var failure: Throwable? = null
        application {
            install(WebSocketPools) {
                onUnavailable { _, _ -> error("not to be asked") }
                pool("prices", silent, endpoint) { borrowTimeout = Duration.ZERO }
            }
            routing {
                get("/stream") {
                    call.respondTextWriter {
                        write("first\n")
                        flush()
                        failure = assertFailsWith<BorrowTimeoutException> { call.webSocketPool("prices").withConnection { } }
                        throw failure
                    }
                }
            }
        }
        runCatching { client.get("/stream").bodyAsText() }
        assertEquals(BorrowTimeoutException::class, failure!!::class)
    }

    private fun Application.catchAll() = install(StatusPages) {
        exception<Throwable> { call, cause -> call.respondText("${cause::class.simpleName}", status = HttpStatusCode.InternalServerError) }
    }

    private suspend fun assertUnavailable(answer: HttpResponse, retryAfter: Int) {
        assertEquals(HttpStatusCode.ServiceUnavailable, answer.status)
        assertEquals("$retryAfter", answer.headers[HttpHeaders.RetryAfter])
        assertEquals("The service is busy. Try again in $retryAfter s.\n", answer.bodyAsText())
    }
}
