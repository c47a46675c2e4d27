package dev.wspool

import dev.wspool.test.FakeConnector
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.hours

/** `Retry-After`: for how long a server has asked to be left alone (RFC 9110, 10.2.3). */
@OptIn(ExperimentalCoroutinesApi::class)
class RetryAfterTest {
    /** Sun, 06 Nov 1994 08:49:37 GMT, the date of RFC 9110's examples. */
    private val now = 784_111_777_000

    @Test
    fun secondsAreWaitedFor() = waits(7_000, "7")

    @Test
    fun spaceAroundThemMeansNothing() = waits(7_000, " 7 ")

    @Test
    fun aDateIsWaitedFor() = waits(23_000, "Sun, 06 Nov 1994 08:50:00 GMT")

    @Test
    fun aDateThatIsOverMeansNothing() = waits(BACKOFF, "Sun, 06 Nov 1994 08:00:00 GMT")

    @Test
    fun lessThanNothingMeansNothing() = waits(BACKOFF, "-5")

    @Test
    fun nonsenseMeansNothing() {
        for (text in listOf("", "soon", "7 s", "Sun, 06 Foo 1994 08:50:00 GMT", "1.5")) waits(BACKOFF, text)
    }

    @Test
    fun noneMeansNothing() = waits(BACKOFF, null)

    @Test
    fun anHourIsTheMost() {
        waits(3_600_000, "86400")
        waits(3_600_000, "${Long.MAX_VALUE}")
        waits(3_600_000, "Sun, 06 Nov 2094 08:49:37 GMT")
    }

    @Test
    fun tooManyRequestsIsHeardToo() = waits(7_000, "7", status = 429)

    @Test
    fun otherAnswersDoNotAskForIt() = waits(BACKOFF, "7", status = 500)

    private fun waits(millis: Long, retryAfter: String?, status: Int = 503) =
        runTest { assertEquals(millis, waitAfter(retryAfter, status)) }

    private suspend fun TestScope.waitAfter(retryAfter: String?, status: Int): Long {
        val connector = FakeConnector()
        val pool = poolOf(connector) { wallClock = { now + currentTime } }
        val caller = async { pool.borrow(2.hours) }
        val headers = if (retryAfter == null) emptyMap() else mapOf("retry-after" to listOf(retryAfter))
        connector.awaitConnect().refuse(HandshakeFailedException("ws://fake answered $status", status, headers))
        connector.awaitConnect().succeed()
        caller.await().release()
        return currentTime.also { pool.assertNothingLeft(connector) }
    }

    private companion object {
        const val BACKOFF = 100L
    }
}
