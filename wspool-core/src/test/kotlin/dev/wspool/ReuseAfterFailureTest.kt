package dev.wspool

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.milliseconds

/** `reuseAfterFailure`: which failures of a block leave its connection whole. */
@OptIn(ExperimentalCoroutinesApi::class)
class ReuseAfterFailureTest {
    private class NotFound : RuntimeException("not found")

    private val connector = echoing()

    @Test
    fun aFailureThatThePredicateTakesKeepsTheConnection() = runTest {
        assertEquals("c1", idAfter { pool -> runCatching { pool.withConnection { throw NotFound() } } })
    }

    @Test
    fun anyOtherFailureClosesIt() = runTest {
        assertEquals("c2", idAfter { pool -> runCatching { pool.withConnection { error("mine") } } })
    }

    @Test
    fun aCancellationClosesItWhateverThePredicateSays() = runTest {
        assertEquals("c2", idAfter { pool -> withTimeoutOrNull(10.milliseconds) { pool.withConnection { awaitCancellation() } } })
        assertEquals("c2", idAfter { pool -> runCatching { pool.withConnection { throw CancellationException("mine") } } })
        assertEquals("c2", idAfter { pool -> runCatching { pool.withConnection { withTimeout(1.milliseconds) { awaitCancellation() } } } })
    }

    @Test
    fun whatTheBlockLeftBehindClosesItWhateverThePredicateSays() = runTest {
        val pool = pool { it is ReceiveTimeoutException }
        runCatching { pool.withConnection { receive(1.milliseconds) } }
        assertEquals("c2", pool.withConnection { id.value })
    }

    private suspend fun TestScope.idAfter(use: suspend (WebSocketPool) -> Unit): String {
        val pool = pool { it is NotFound || it is CancellationException }
        use(pool)
        return pool.withConnection { id.value }.also { pool.assertNothingLeft(connector) }
    }

    private fun TestScope.pool(predicate: (Throwable) -> Boolean) = poolOf(connector) {
        maxConnections = 1
        reuseAfterFailure(predicate)
    }
}
