package dev.wspool

import dev.wspool.test.FakeBehavior
import dev.wspool.transport.ConnectPhase
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import java.io.File
import kotlin.test.assertContains
import kotlin.test.assertFailsWith
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** The report that docs/observability.md shows is one that a pool has made. */
@OptIn(ExperimentalCoroutinesApi::class)
class ReportExampleTest {
    private val server = echoing()
    private val page = generateSequence(File("").absoluteFile) { it.parentFile }.first { File(it, "wspool-core").isDirectory }
        .resolve("docs/observability.md").readText()

    private fun CoroutineScope.holder(pool: WebSocketPool, name: String): Job =
        launch(CoroutineName(name)) { pool.withConnection(1.minutes) { awaitCancellation() } }

    @Test
    fun thePageShowsWhatThePoolSays() = runTest {
        val prices = poolOf(server, "wss://prices.example.com/v2?token=secret") {
            name = "prices"
            maxConnections = 3
        }
        prices.use { pool ->
            server.connecting = FakeBehavior.Fails { ConnectRefusedException("wss://prices.example.com/v2 refused the connection") }
            assertFailsWith<BorrowTimeoutException> { pool.borrow(150.milliseconds) }
            server.connecting = FakeBehavior.Works
            delay(10.seconds)
            val first = holder(pool, "price-job")
            delay(71.seconds)
            val second = holder(pool, "newcomer")
            delay(2.seconds)
            server.onDial = {
                it.reaches(ConnectPhase.Tls)
                awaitCancellation()
            }
            val waiters = listOf("checkout", "search").map { holder(pool, it) }
            advanceTimeBy(3.seconds)
            val report = pool.report().toString()
            assertContains(page, "```\n$report\n```")
            (waiters + first + second).forEach(Job::cancel)
        }
    }
}
